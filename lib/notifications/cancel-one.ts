import { EcosError } from '../errors.ts'
import type { NotificationRecord, NotificationStore } from './store.ts'

/** Why a notification that an operator cancelled is not sent. */
const byOperator = 'cancelled by an operator'

/**
 * Cancels a notification that waits. A delivery that has begun may still arrive: the notification is SENT then.
 *
 * @throws EcosError `not-cancellable` in any other state
 */
export async function cancelOne(
  record: NotificationRecord,
  notifications: Pick<NotificationStore, 'change' | 'find'>,
): Promise<void> {
  const refused = ({ notificationId, state }: NotificationRecord) =>
    new EcosError(
      'not-cancellable',
      `The notification ${notificationId} is in ${state}: only WAIT_FOR_DISPATCH can be cancelled`,
    )
  if (record.state !== 'WAIT_FOR_DISPATCH') throw refused(record)
  await notifications.change(record, { state: 'CANCELLED', reason: byOperator })
  // A change that came too late changes nothing.
  const now = await notifications.find(record)
  if (now && now.state !== 'CANCELLED') throw refused(now)
}
