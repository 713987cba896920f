import type { EventKey, Notification, NotificationState } from './notification.ts'

/**
 * What is remembered of an event and of a notification, and for how long it is: within this window
 * a repeated event makes no second notification. It is longer than SQS can keep a message in a queue
 * and then in its dead-letter queue (14 days each).
 */
export const deduplicationDays = 30

/** That an event was handled, and what came of it. */
export interface EventRecord {
  readonly state: 'HANDLED' | 'RECIPIENTS_NOT_FOUND'
  readonly recipients: number
  readonly notifications: number
}

/** The result of one attempt to deliver, as it is remembered. */
export type DeliveryRecord =
  | { readonly state: 'SENT'; readonly providerId?: string }
  | { readonly state: 'WAIT_FOR_DISPATCH' | 'ERROR'; readonly reason: string }

export type NotificationKey = Pick<Notification, keyof EventKey | 'notificationId'>

export interface NotificationStore {
  isHandled(event: EventKey): Promise<boolean>
  markHandled(event: EventKey, record: EventRecord): Promise<void>
  /** Stores it as WAIT_FOR_DISPATCH unless it is there already. @returns the state that it is in */
  add(notification: Notification): Promise<NotificationState>
  /** @returns undefined when it is not known, or no longer */
  stateOf(notification: NotificationKey): Promise<NotificationState | undefined>
  /** Counts the attempt and keeps its result. What is SENT stays SENT. */
  recordDelivery(notification: NotificationKey, delivery: DeliveryRecord): Promise<void>
}
