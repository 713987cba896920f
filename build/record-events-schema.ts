import * as z from 'zod'
import { handshakeMessage } from '../lib/records/messages.ts'

/**
 * The JSON Schema of the handshake's messages, generated from the Zod schemas that read them. `npm run
 * schemas` writes it to docs/record-events.schema.json.
 */
export function recordEventsSchema(): string {
  const schema = z.toJSONSchema(handshakeMessage, {
    target: 'draft-07',
    // The syntax of paths is described in words only.
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // Readers accept unknown fields, except where the schema is strict.
      const strict = 'catchall' in zodSchema._zod.def
      if (jsonSchema.additionalProperties === false && !strict) {
        delete jsonSchema.additionalProperties
      }
      if (jsonSchema.id === 'AttributePath') jsonSchema.type = 'string'
    },
  })
  return `${JSON.stringify(schema, null, 2)}\n`
}
