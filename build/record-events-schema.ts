import { z } from 'zod'
import { handshakeMessage } from '../lib/records/messages.ts'

/**
 * JSON Schema of every message of the handshake, made from the schemas that the code reads with:
 * what docs/record-events.schema.json has to be. `npm run schemas` writes it there.
 */
export function recordEventsSchema(): string {
  const schema = z.toJSONSchema(handshakeMessage, {
    target: 'draft-07',
    // A path is text; how it is written is said in words.
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // A reader takes fields that it does not know, except where the schema is strict.
      const strict = 'catchall' in zodSchema._zod.def
      if (jsonSchema.additionalProperties === false && !strict) {
        delete jsonSchema.additionalProperties
      }
      if (jsonSchema.id === 'AttributePath') jsonSchema.type = 'string'
    },
  })
  return `${JSON.stringify(schema, null, 2)}\n`
}
