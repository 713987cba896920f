import { createHash } from 'node:crypto'
import * as z from 'zod'
import { EcosError } from '../errors.ts'
import type { Envelope } from '../events/envelope.ts'
import { traceOf } from '../events/trace.ts'
import { late } from '../late.ts'
import { escapeTenant } from '../tenant-name.ts'
import { notification } from './notification.ts'
import { isResult, type NotificationRecord, type Result } from './store.ts'

const result = late(() =>
  notification
    .pick({ notificationId: true, eventType: true, eventId: true, channel: true })
    .extend({
      /** Why, if there is more to say; nothing personal. */
      reason: z.string().nullable(),
      /** How many deliveries there were. */
      attempts: z.number(),
    }),
)

/** The notification was delivered. */
export const notificationSent = late(() => result.extend({ state: z.literal('SENT') }))

/**
 * The notification failed for good (`ERROR`), or its time to live ended first (`EXPIRED`), or it was cancelled after
 * a delivery had failed (`CANCELLED`).
 */
export const notificationFailed = late(() =>
  result.extend({
    state: z.enum(['ERROR', 'EXPIRED', 'CANCELLED']),
  }),
)

/** The notification's last delivery had no answer: the provider may have accepted it. */
export const notificationUncertain = late(() => result.extend({ state: z.literal('UNCERTAIN') }))

export type NotificationSent = z.infer<typeof notificationSent>
export type NotificationFailed = z.infer<typeof notificationFailed>
export type NotificationUncertain = z.infer<typeof notificationUncertain>

/** The events by which a cell announces notifications' results on its bus, with their `data`. */
export const resultEvents = {
  'notification.sent': { schema: notificationSent },
  'notification.failed': { schema: notificationFailed },
  'notification.uncertain': { schema: notificationUncertain },
} as const

type ResultType = keyof typeof resultEvents

const typeOf: Readonly<Record<Result | 'CANCELLED', ResultType>> = {
  SENT: 'notification.sent',
  UNCERTAIN: 'notification.uncertain',
  ERROR: 'notification.failed',
  EXPIRED: 'notification.failed',
  CANCELLED: 'notification.failed',
}

/** `notification.sent`, `.failed` or `.uncertain`: only ids, channel, state and reason. */
export function resultEvent(record: NotificationRecord): Envelope {
  const { tenant, eventType, eventId, notificationId, channel, state, reason, attempts } = record
  if (!isResult(state) && state !== 'CANCELLED') {
    throw new EcosError('no-result', `A notification in the state ${state} has no result yet`)
  }
  const type = typeOf[state]
  const time = record.deliveries.at(-1)?.at
  return {
    specversion: '1.0',
    id: createHash('sha256')
      .update(JSON.stringify([notificationId, state, attempts, record.resend]))
      .digest('hex'),
    source: `/ecos/tenants/${escapeTenant(tenant)}`,
    type,
    ...(time !== undefined && { time }),
    subject: notificationId,
    ...traceOf(record),
    tenantid: tenant,
    datacontenttype: 'application/json',
    data: {
      notificationId,
      eventType,
      eventId,
      channel,
      state,
      reason: reason ?? null,
      attempts,
    },
  }
}
