import { writeFileSync } from 'node:fs'
import { recordEventsSchema } from './record-events-schema.ts'

// Run after a change of lib/records/messages.ts. docs/record-events.asyncapi.yaml refers to this file.
writeFileSync('docs/record-events.schema.json', recordEventsSchema())
