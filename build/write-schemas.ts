import { writeFileSync } from 'node:fs'
import { recordEventsSchema } from './record-events-schema.ts'

// After a change of lib/records/messages.ts: the document names these schemas.
writeFileSync('docs/record-events.schema.json', recordEventsSchema())
