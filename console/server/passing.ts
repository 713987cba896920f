import * as z from 'zod'
import { tenantOfSender } from '../../lib/events/source.ts'
import { parseJson } from '../../lib/parse.ts'
import { partitionInArn } from '../../lib/tenants/partition.ts'

/** An event that passed the bus, without its data. */
export interface PassingEvent {
  /** When the console received it (ISO 8601, in UTC). */
  readonly at: string
  readonly tenant: string
  /** The tenant's partition, if the sender named one; results of notifications have none. */
  readonly partition?: string
  readonly type: string
  readonly id: string
  readonly subject?: string
  /** Set for the result of a notification. */
  readonly result?: z.infer<typeof result>
}

const event = z.object({
  source: z.string(),
  resources: z.array(z.string()).optional(),
  detail: z.object({
    id: z.string(),
    type: z.string(),
    tenantid: z.string(),
    subject: z.string().optional(),
    data: z.unknown(),
  }),
})

/** The data of `notification.sent` and `notification.failed`: lib/notifications/result-event.ts. */
const result = z.object({
  eventId: z.string(),
  eventType: z.string(),
  channel: z.string(),
  state: z.string(),
  reason: z.string().nullish(),
})

/**
 * @param text an event as EventBridge writes it
 * @returns undefined unless its source is a tenant's and its detail our envelope
 */
export function passingEvent(text: string, now: Date): PassingEvent | undefined {
  const { data } = event.safeParse(parseJson(text))
  if (!data) return undefined
  const { id, type, tenantid: named, subject } = data.detail
  const tenant = tenantOfSender(data.source, named)
  if (tenant === undefined) return undefined
  const partition = data.resources?.map(partitionInArn).find((name) => name !== undefined)
  const outcome = type.startsWith('notification.')
    ? result.safeParse(data.detail.data).data
    : undefined
  return {
    at: now.toISOString(),
    tenant,
    ...(partition !== undefined && { partition }),
    type,
    id,
    ...(subject !== undefined && { subject }),
    ...(outcome && { result: outcome }),
  }
}
