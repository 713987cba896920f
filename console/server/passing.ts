import { z } from 'zod'
import { parseJson } from '../../lib/parse.ts'

/** An event as it passes the bus: what it is, and nothing of its data. */
export interface PassingEvent {
  /** When it was seen to pass (ISO 8601, in UTC). */
  readonly at: string
  readonly tenant: string
  readonly type: string
  readonly id: string
  readonly subject?: string
  /** Where it is the result of a notification. */
  readonly result?: z.infer<typeof result>
}

const event = z.object({
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

/** @param text an event as EventBridge writes it; undefined comes back where it is none of ours */
export function passingEvent(text: string, now: Date): PassingEvent | undefined {
  const { data } = event.safeParse(parseJson(text))
  if (!data) return undefined
  const { id, type, tenantid: tenant, subject } = data.detail
  const told = type.startsWith('notification.')
    ? result.safeParse(data.detail.data).data
    : undefined
  return {
    at: now.toISOString(),
    tenant,
    type,
    id,
    ...(subject !== undefined && { subject }),
    ...(told && { result: told }),
  }
}
