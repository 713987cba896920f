import type { EventKey } from '../events/bus-event.ts'
import type { Notification, NotificationState } from './notification.ts'

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

/**
 * What a sender is told that wants to deliver. `taken`: another sender is at it, and either records
 * what came of it or dies, and then its claim ends by itself.
 */
export type Claim = 'claimed' | 'sent' | 'taken' | 'unknown'

/**
 * Seconds for which a claim keeps other senders off: longer than a sender's function may run, so
 * that who claims is dead when its claim ends.
 */
export const claimSeconds = 60

export type NotificationKey = Pick<Notification, keyof EventKey | 'notificationId'>

export interface NotificationStore {
  isHandled(event: EventKey): Promise<boolean>
  markHandled(event: EventKey, record: EventRecord): Promise<void>
  /** Stores it as WAIT_FOR_DISPATCH unless it is there already. @returns the state that it is in */
  add(notification: Notification): Promise<NotificationState>
  /** Takes the notification for one sender. `unknown`: it is not on record, or no longer. */
  claim(notification: NotificationKey): Promise<Claim>
  /** Counts the attempt, keeps its result, and ends the claim. What is SENT stays SENT. */
  recordDelivery(notification: NotificationKey, delivery: DeliveryRecord): Promise<void>
}
