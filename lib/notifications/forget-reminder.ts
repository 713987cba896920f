import type { KeptNotifications } from './kept.ts'
import { type NotificationState, reminderType } from './notification.ts'
import type { NotificationKey } from './store.ts'

export interface ForgetPorts {
  readonly kept: Pick<KeptNotifications, 'forget'>
  /** Called for a reminder whose content could not be deleted: it stays until it expires. */
  onUnforgotten?(reminder: NotificationKey, error: unknown): void
}

/** States in which a notification is never sent again, not even by an operator. */
const over: readonly NotificationState[] = ['SENT', 'CANCELLED']

/**
 * Deletes the content of a reminder that is over: it would be kept for more than a year. May be repeated, and
 * a failure costs nothing else. Other notifications keep theirs for some days.
 */
export async function forgetReminder(
  notification: NotificationKey,
  state: NotificationState,
  { kept, onUnforgotten }: ForgetPorts,
): Promise<void> {
  if (notification.eventType !== reminderType || !over.includes(state)) return
  await kept.forget(notification).catch((error) => onUnforgotten?.(notification, error))
}
