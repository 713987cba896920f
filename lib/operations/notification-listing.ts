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
export type NotificationFilter = Partial<
  Pick<ListedNotification, 'state' | 'username' | 'eventId' | 'notificationId'>
>
