import { z } from 'zod'
import { EcosError } from '../errors.ts'
import { fieldsAtFault, parseJson } from '../parse.ts'
import { envelope } from './envelope.ts'
import { eventFolder, type PayloadStore } from './payload-store.ts'
import { tellsAgain } from './replay-name.ts'
import { type Traced, traceOf } from './trace.ts'

/** An EventBridge event that carries our envelope, as a rule puts it into a queue. */
const busEvent = z.object({
  source: z.string(),
  'detail-type': z.string(),
  'replay-name': z.string().optional(),
  detail: envelope,
})

/** What tells an event from all others. */
export interface EventKey {
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
}

/** An event as it came from the bus, before its data is read. */
export interface BusEvent extends EventKey, Traced {
  /** When it happened (RFC 3339), where the producer says so. */
  readonly time?: string
  /** The record that it is about. */
  readonly subject?: string
  readonly data?: unknown
  /** Where the data lies, if it does not stand in the event. */
  readonly dataref?: string
  /** The replay for which everybody is told again, if it came with one. */
  readonly again?: string
}

/** @throws EcosError `invalid-event` or `tenant-mismatch` */
export function parseBusEvent(body: string): BusEvent {
  const parsed = busEvent.safeParse(parseJson(body))
  if (!parsed.success) {
    throw new EcosError('invalid-event', `Not an event of the bus: ${fieldsAtFault(parsed.error)}`)
  }
  const { source, detail, 'replay-name': replay } = parsed.data
  const { tenantid: tenant, type: eventType, id: eventId, time, subject, data, dataref } = detail
  // IAM holds a sender to its `Source`, and to nothing in `Detail`: the source decides the tenant.
  if (source !== `ecos.${tenant}` || parsed.data['detail-type'] !== eventType) {
    throw new EcosError(
      'tenant-mismatch',
      `The event ${eventId} says in its detail that it is another tenant's or of another type`,
    )
  }
  return {
    tenant,
    eventType,
    eventId,
    data,
    ...(time !== undefined && { time }),
    ...(subject !== undefined && { subject }),
    ...(dataref !== undefined && { dataref }),
    ...traceOf(detail),
    ...(replay !== undefined && tellsAgain(replay) && { again: replay }),
  }
}

/**
 * The event's data, from the event or from where it lies.
 *
 * @throws EcosError `invalid-event-data`, naming the fields at fault and never what stands in them;
 * `payload-reference` where the data is not the tenant's own; what `load` throws
 */
export async function readData<Data>(
  event: BusEvent,
  schema: z.ZodType<Data>,
  payloads: Pick<PayloadStore, 'load'>,
): Promise<Data> {
  const { tenant, eventType, eventId, dataref } = event
  const data =
    dataref === undefined
      ? event.data
      : parseJson(await payloads.load(ownReference(event, dataref)))
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new EcosError(
    'invalid-event-data',
    `The data of ${eventType} ${eventId} of the tenant ${tenant} does not fit: ${fieldsAtFault(parsed.error)}`,
  )
}

/** Who may put events in a tenant's name may not have another tenant's data read for it. */
function ownReference({ tenant, eventId }: BusEvent, dataref: string): string {
  const key = dataref.replace(/^s3:\/\/[^/]*\//, '')
  if (key.startsWith(eventFolder(tenant))) return dataref
  throw new EcosError(
    'payload-reference',
    `The event ${eventId} of the tenant ${tenant} refers to data that is not the tenant's`,
  )
}
