import type { NotificationRecord, NotificationStore } from './store.ts'

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

/** The channel that has delivered what the notification stands in for. */
export async function deliveredBy(
  record: NotificationRecord,
  notifications: Pick<NotificationStore, 'find'>,
): Promise<string | undefined> {
  const before = await awaitedBy(record, notifications)
  return before.find(({ state }) => state === 'SENT')?.channel
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
