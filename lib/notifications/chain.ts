import type { NotificationRecord, NotificationStore } from './store.ts'
import { defaultAfterMinutes } from './subscriptions/subscriptions.ts'

/** The notifications that one stands in for, if they are not delivered in time. */
async function awaitedBy(
  { tenant, eventType, eventId, awaits = [] }: NotificationRecord,
  notifications: Pick<NotificationStore, 'find'>,
): Promise<NotificationRecord[]> {
  const found = await Promise.all(
    awaits.map((notificationId) =>
      notifications.find({ tenant, eventType, eventId, notificationId }),
    ),
  )
  return found.filter((one) => one !== undefined)
}

/** What has become of the places before a notification's own. */
export interface Before {
  /** The channel that has delivered what the notification stands in for. */
  readonly deliveredBy?: string
  /** When it is this notification's turn, if one before has had no chance yet (ISO 8601, in UTC). */
  readonly turn?: string
}

/** Milliseconds after which a run is late: it may have released what comes before only now. */
const lateness = 2 * 60_000

export async function lookBefore(
  record: NotificationRecord,
  now: Date,
  notifications: Pick<NotificationStore, 'find'>,
): Promise<Before> {
  const before = await awaitedBy(record, notifications)
  const sent = before.find(({ state }) => state === 'SENT')
  if (sent) return { deliveredBy: sent.channel }
  const isLate = now.getTime() - Date.parse(record.heldUntil ?? '') > lateness
  const tried = before.flatMap(({ state, attempts, heldUntil = '' }) => {
    if (state !== 'WAIT_FOR_DISPATCH' || attempts > 0) return []
    const until = Date.parse(heldUntil)
    return until > now.getTime() ? [until] : isLate ? [now.getTime()] : []
  })
  if (tried.length === 0) return {}
  return { turn: new Date(Math.max(...tried) + defaultAfterMinutes * 60_000).toISOString() }
}

/** Cancels what the notification stands in for and still waits, so that it does not arrive as well. */
export async function supersede(
  record: NotificationRecord,
  notifications: Pick<NotificationStore, 'find' | 'change'>,
): Promise<void> {
  const before = await awaitedBy(record, notifications)
  for (const one of before.filter(({ state }) => state === 'WAIT_FOR_DISPATCH')) {
    const reason = `not delivered in time: ${record.channel} is tried instead`
    await notifications.change(one, { state: 'CANCELLED', reason })
  }
}
