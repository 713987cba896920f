import * as z from 'zod'
import { fromJsonValue } from '../bridge/field-values.ts'
import { type Origin, withOrigin } from '../bridge/origin.ts'
import { EcosError } from '../errors.ts'
import { parseJson } from '../parse.ts'

/** The fields of a quarantine record that give the message back to the bridge. */
const record = z.object({
  tenant: z.string(),
  queue: z.string(),
  exchange: z.string().default(''),
  routingKey: z.string().default(''),
  properties: z.record(z.string(), z.unknown()),
  body: z.base64().optional(),
  bodyref: z.string().optional(),
})

/** A message that goes back into the bridge's queue. */
export interface Returnable {
  readonly queue: string
  /** Absent if the message never passed a named exchange, or the record does not tell. */
  readonly origin?: Origin
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
  if (data?.body !== undefined) return { ...aboutOf(data), body: Buffer.from(data.body, 'base64') }
  if (data?.bodyref !== undefined) return { ...aboutOf(data), body: await load(data.bodyref) }
  throw new EcosError(
    'invalid-quarantine-record',
    'The message is not a quarantine record with a body or a bodyref',
  )
}

function aboutOf({ queue, exchange, routingKey, ...rest }: z.infer<typeof record>) {
  const properties = fromJsonValue(rest.properties) as Returnable['properties']
  return { queue, properties, ...(exchange !== '' && { origin: { exchange, routingKey } }) }
}

/**
 * The message as it is published to its queue: with its origin, and without its expiration, which
 * RabbitMQ drops too when it dead-letters, lest the message expire again.
 */
export function sendable({ origin, properties, ...message }: Returnable): Returnable {
  const { expiration: _, ...kept } = properties
  const headers = (properties['headers'] ?? {}) as Readonly<Record<string, unknown>>
  return {
    ...message,
    properties: { ...kept, headers: origin ? withOrigin(headers, origin) : headers },
  }
}
