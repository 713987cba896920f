import type { EventType } from '../events/catalogue.ts'
import type { EventMessage, FailedOne } from './event-message.ts'
import type { NotificationStore } from './store.ts'
import type { Subscriber, SubscriptionStore } from './subscriptions/subscriptions.ts'
import type { Told } from './tell.ts'

export interface PlanAgainPorts {
  readonly notifications: Pick<NotificationStore, 'find' | 'change'>
  readonly subscriptions: Pick<SubscriptionStore, 'find'>
}

/** Why a failed notification is CANCELLED when its person is told again. */
const superseded = 'the person is subscribed otherwise by now, and was told by that'

/**
 * Tells the person of a notification that could not be planned again, by what is on record of them now.
 * Notifications of theirs that were made are not made twice. May be repeated.
 */
export async function planAgain(
  event: EventMessage,
  { username, notificationId }: FailedOne,
  type: EventType,
  tell: (subscribers: readonly Subscriber[]) => Promise<Told>,
  { notifications, subscriptions }: PlanAgainPorts,
): Promise<'planned-again'> {
  const { ids } = await tell(await subscriptions.find(event.tenant, [username], type))
  if (ids.length > 0 && !ids.includes(notificationId)) {
    const { tenant, eventType, eventId } = event
    const record = await notifications.find({ tenant, eventType, eventId, notificationId })
    if (record?.state === 'ERROR') {
      await notifications.change(record, { state: 'CANCELLED', reason: superseded })
    }
  }
  return 'planned-again'
}
