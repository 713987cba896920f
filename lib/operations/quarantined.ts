import * as z from 'zod'
import { noTenant } from '../bridge/bridge-queue.ts'
import { fromJsonProperties } from '../bridge/field-values.ts'
import { EcosError } from '../errors.ts'
import { parseJson } from '../parse.ts'
import { bridgeQueue, tenantOfExchange } from '../tenants/names.ts'

/** The fields of a quarantine record that give the message back to the bridge. */
const record = z.object({
  tenant: z.string(),
  queue: z.string(),
  entrance: z.string().optional(),
  exchange: z.string().optional(),
  routingKey: z.string().default(''),
  properties: z.record(z.string(), z.unknown()),
  body: z.base64().optional(),
  bodyref: z.string().optional(),
})
type QuarantinedRecord = z.infer<typeof record>

/** A message that goes back into the bridge's queue. */
export interface Returnable {
  /** The exchange that leads to the queue alone. */
  readonly entrance: string
  /** Empty if the message never passed a named exchange, or the record does not tell. */
  readonly routingKey: string
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

function aboutOf(message: QuarantinedRecord): Omit<Returnable, 'body'> {
  return {
    entrance: entranceOf(message),
    routingKey: routingKeyBack(message),
    properties: fromJsonProperties(message.properties) as Returnable['properties'],
  }
}

/** In a pool, only an exchange tells whose a message is: one of no tenant waits until there is the tenant. */
function entranceOf({ tenant, queue, entrance = queue, exchange }: QuarantinedRecord): string {
  if (tenant !== noTenant || exchange === undefined) return entrance
  const id = tenantOfExchange(exchange)
  if (id !== undefined) return bridgeQueue(id)
  throw new EcosError(
    'unknown-tenant',
    `It came to the pool ${queue} through the exchange ${JSON.stringify(exchange)}, which is no tenant's, and can't ` +
      'be sent back: publish it to the exchange of its tenant, and remove it with `dlq purge`',
  )
}

/** The routing key with which a message goes back: the default exchange's was the queue's name. */
export function routingKeyBack(origin: {
  readonly exchange?: string | undefined
  readonly routingKey: string
}): string {
  return origin.exchange === undefined || origin.exchange === '' ? '' : origin.routingKey
}

/** Headers that the broker adds for a message that it redelivers or dead-letters. */
const brokerHeaders = /^x-(death|(first|last)-death-.*|delivery-count|acquired-count)$/

/**
 * The properties with which a message is published again: without its expiration, which RabbitMQ drops too
 * when it dead-letters, lest the message expire again, and without what the broker added.
 */
export function propertiesBack({
  expiration: _,
  ...properties
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const headers = Object.entries(properties['headers'] ?? {})
  return {
    ...properties,
    headers: Object.fromEntries(headers.filter(([name]) => !brokerHeaders.test(name))),
  }
}
