import { writeFileSync } from 'node:fs'
import { recordEventsSchema } from './record-events-schema.ts'
import { webhookSchema } from './webhook-schema.ts'

// Run after a change of lib/records/messages.ts. docs/record-events.asyncapi.yaml refers to this file.
writeFileSync('docs/record-events.schema.json', recordEventsSchema())
// Run after a change of lib/channels/webhook-payload.ts.
writeFileSync('docs/webhook.schema.json', webhookSchema())
