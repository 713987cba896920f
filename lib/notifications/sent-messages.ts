import type { QueuedNotification } from './notification.ts'
import type { NotificationKey } from './store.ts'

/**
 * Messages as their senders gave them to the channels, for as long as the records of their notifications. The
 * links of the reader's own page are not in them: whoever has such a link acts for the reader.
 */
export interface SentMessages {
  keep(queued: QueuedNotification): Promise<void>
  /** @returns undefined if it was not sent yet, or not kept */
  find(
    notification: Pick<NotificationKey, 'tenant' | 'notificationId'>,
  ): Promise<QueuedNotification | undefined>
}
