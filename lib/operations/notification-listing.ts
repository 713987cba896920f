import type { NotificationState } from '../notifications/notification.ts'

/** A notification, or an event without recipients, as it is listed. Has no address and no text. */
export interface ListedNotification {
  /** ISO 8601. */
  readonly createdAt: string
  readonly state: string
  readonly eventType: string
  readonly eventId: string
  readonly notificationId?: string
  readonly username?: string
  readonly channel?: string
  readonly reason?: string
  /** Deliveries so far. */
  readonly attempts?: number
}

/** Which notifications are listed: every field that is given has to match. */
export interface NotificationFilter {
  readonly state?: NotificationState | undefined
  /** In lower case. */
  readonly username?: string | undefined
}

/** One page of a list, the latest first. */
export interface NotificationPage {
  readonly notifications: readonly ListedNotification[]
  /** Where the next page starts. Missing if there are no more. */
  readonly before?: string
}
