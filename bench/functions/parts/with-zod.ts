import * as z from 'zod'

export { handler } from './bare-client.ts'

const positive = z.coerce.number().int().positive()

/** The kinds of schemas that the settings of a function are read with. */
export const settings = z
  .object({
    CELL: z.string(),
    EMAIL_TRANSPORT: z.enum(['smtp', 'ses']),
    QUEUE_URL: z.url(),
    RETRY_BASE_SECONDS: positive.optional(),
    TRIES: positive,
    WEBHOOK_ALLOW_PRIVATE: z.stringbool().default(false),
  })
  .parse(process.env, { jitless: true })
