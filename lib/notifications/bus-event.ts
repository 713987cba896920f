import { z } from 'zod'
import { EcosError } from '../errors.ts'
import { envelope } from '../events/envelope.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import type { EventKey } from './notification.ts'
import { fieldsAtFault, parseJson } from './parse.ts'

/** An EventBridge event that carries our envelope, as a rule puts it into a queue. */
const busEvent = z.object({ source: z.string(), 'detail-type': z.string(), detail: envelope })

/** An event as it came from the bus, before its data is read. */
export interface BusEvent extends EventKey {
  readonly data?: unknown
  /** Where the data lies, if it does not stand in the event. */
  readonly dataref?: string
}

/** @throws EcosError `invalid-event` or `tenant-mismatch` */
export function parseBusEvent(body: string): BusEvent {
  const parsed = busEvent.safeParse(parseJson(body))
  if (!parsed.success) {
    throw new EcosError('invalid-event', `Not an event of the bus: ${fieldsAtFault(parsed.error)}`)
  }
  const { source, detail } = parsed.data
  const { tenantid: tenant, type: eventType, id: eventId, data, dataref } = detail
  // IAM holds a sender to its `Source`, and to nothing in `Detail`: the source decides the tenant.
  if (source !== `ecos.${tenant}` || parsed.data['detail-type'] !== eventType) {
    throw new EcosError(
      'tenant-mismatch',
      `The event ${eventId} says in its detail that it is another tenant's or of another type`,
    )
  }
  return { tenant, eventType, eventId, data, ...(dataref !== undefined && { dataref }) }
}

/** @throws EcosError `invalid-event-data`, naming the fields at fault and never what stands in them */
export async function readData<Data>(
  event: BusEvent,
  schema: z.ZodType<Data>,
  payloads: Pick<PayloadStore, 'load'>,
): Promise<Data> {
  const { tenant, eventType, eventId, dataref } = event
  const data = dataref === undefined ? event.data : parseJson(await payloads.load(dataref))
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new EcosError(
    'invalid-event-data',
    `The data of ${eventType} ${eventId} of the tenant ${tenant} does not fit: ${fieldsAtFault(parsed.error)}`,
  )
}
