import * as z from 'zod'
import { webhookBody } from '../lib/channels/webhook-payload.ts'

/** The JSON Schema of a webhook's body. `npm run schemas` writes it to docs/webhook.schema.json. */
export function webhookSchema(): string {
  const schema = z.toJSONSchema(webhookBody, {
    target: 'draft-07',
    override({ jsonSchema }) {
      // New fields may come.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return `${JSON.stringify(schema, null, 2)}\n`
}
