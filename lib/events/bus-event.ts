import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { late } from '../late.ts'
import { fieldsAtFault } from '../parse.ts'
import { envelope } from './envelope.ts'
import { parseExactJson } from './exact-number.ts'
import { eventFolder, type PayloadStore } from './payload-store.ts'
import { tellsAgain } from './replay-name.ts'
import { sourceOf } from './source.ts'
import { type Traced, traceOf } from './trace.ts'

/** An EventBridge event with our envelope, as a rule delivers it to a queue. */
const busEvent = late(() =>
  z.object({
    source: z.string(),
    'detail-type': z.string(),
    'replay-name': z.string().optional(),
    time: z.string().optional(),
    detail: envelope,
  }),
)

/** Identifies an event. */
export interface EventKey {
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
}

/** An event from the bus, before its data is loaded and validated. */
export interface BusEvent extends EventKey, Traced {
  /** When it happened (RFC 3339), if the producer says so. */
  readonly time?: string
  /** When it came to the bus (RFC 3339). */
  readonly sentAt?: string
  /** The id of the record. */
  readonly subject?: string
  readonly data?: unknown
  /** Reference to the data, when it is not in the event itself. */
  readonly dataref?: string
  /** The name of the replay that notifies everybody again, if the event came with one. */
  readonly again?: string
}

/** @throws EcosError `invalid-event` or `tenant-mismatch` */
export function parseBusEvent(body: string): BusEvent {
  const parsed = busEvent.safeParse(parseExactJson(body))
  if (!parsed.success) {
    throw new EcosError(
      'invalid-event',
      `Not an event from the bus: ${fieldsAtFault(parsed.error)}`,
    )
  }
  const { source, detail, 'replay-name': replay, time: sentAt } = parsed.data
  const { tenantid: tenant, type: eventType, id: eventId, time, subject, data, dataref } = detail
  // IAM restricts a sender's `Source` and nothing in `Detail`, so the source decides the tenant.
  if (source !== sourceOf(tenant) || parsed.data['detail-type'] !== eventType) {
    throw new EcosError(
      'tenant-mismatch',
      `The tenant or type in the detail of the event ${eventId} differs from its source or detail type`,
    )
  }
  return {
    tenant,
    eventType,
    eventId,
    data,
    ...(time !== undefined && { time }),
    ...(sentAt !== undefined && { sentAt }),
    ...(subject !== undefined && { subject }),
    ...(dataref !== undefined && { dataref }),
    ...traceOf(detail),
    ...(replay !== undefined && tellsAgain(replay) && { again: replay }),
  }
}

/**
 * Validates the event's data, which is loaded from the payload store when the event only refers to it.
 *
 * @throws EcosError `invalid-event-data`; errors of `readSent`
 */
export async function readData<Data>(
  event: BusEvent,
  schema: z.ZodType<Data>,
  payloads: Pick<PayloadStore, 'load'>,
): Promise<Data> {
  return parseData(event, await readSent(event, payloads), schema)
}

/**
 * The event's data as it was sent.
 *
 * @throws EcosError `payload-reference` when the data is not in the tenant's folder; errors of `load`
 */
export async function readSent(
  event: BusEvent,
  payloads: Pick<PayloadStore, 'load'>,
): Promise<unknown> {
  if (event.dataref === undefined) return event.data
  return parseExactJson(await payloads.load(ownReference(event, event.dataref)))
}

/** @throws EcosError `invalid-event-data` */
export function parseData<Data>(event: BusEvent, sent: unknown, schema: z.ZodType<Data>): Data {
  const parsed = schema.safeParse(sent)
  if (parsed.success) return parsed.data
  throw invalidData(event, fieldsAtFault(parsed.error))
}

/** @param fields those that can't be read, without their values */
export function invalidData({ tenant, eventType, eventId }: EventKey, fields: string): EcosError {
  const problem = `The data of ${eventType} ${eventId} of the tenant ${tenant} does not fit: ${fields}`
  return new EcosError('invalid-event-data', problem)
}

/** A sender may put events for its own tenant only, so it must not have another tenant's data read. */
function ownReference({ tenant, eventId }: BusEvent, dataref: string): string {
  const key = dataref.replace(/^s3:\/\/[^/]*\//, '')
  if (key.startsWith(eventFolder(tenant))) return dataref
  throw new EcosError(
    'payload-reference',
    `The event ${eventId} of the tenant ${tenant} refers to data outside the tenant's folder`,
  )
}
