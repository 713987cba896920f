import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { parseJson } from '../parse.ts'

/** The fields of a quarantine record that give the message back to the bridge. */
const record = z.object({
  tenant: z.string(),
  queue: z.string(),
  properties: z.record(z.string(), z.unknown()),
  body: z.base64().optional(),
  bodyref: z.string().optional(),
})

export interface Returnable {
  readonly queue: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly body: Uint8Array
}

/**
 * @param load fetches a body that is stored outside of the record, by its reference
 * @throws EcosError `invalid-quarantine-record`
 */
export async function returnable(
  text: string,
  load: (bodyref: string) => Promise<Uint8Array>,
): Promise<Returnable> {
  const { data } = record.safeParse(parseJson(text))
  if (data?.body !== undefined) return { ...data, body: Buffer.from(data.body, 'base64') }
  if (data?.bodyref !== undefined) return { ...data, body: await load(data.bodyref) }
  throw new EcosError(
    'invalid-quarantine-record',
    'The message is not a quarantine record with a body or a bodyref',
  )
}
