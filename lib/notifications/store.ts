import { z } from 'zod'
import type { EventKey } from '../events/bus-event.ts'
import {
  type Notification,
  type NotificationState,
  notification,
  notificationState,
} from './notification.ts'

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

/** Why the handling of an event failed, at its latest try. */
export interface HandlingFailure {
  readonly code: string
  readonly reason: string
  readonly tries: number
}

/** One attempt to deliver, as it is remembered. */
export const deliveryRecord = z.object({
  /** ISO 8601, in UTC. */
  at: z.string(),
  outcome: z.enum(['sent', 'transient', 'permanent', 'gone']),
  reason: z.string().optional(),
  /** What the provider calls it. */
  providerId: z.string().optional(),
})
export type DeliveryRecord = Readonly<z.infer<typeof deliveryRecord>>

/** How many deliveries a notification's record keeps: the latest. */
export const deliveriesKept = 50

/** A notification and what became of it so far. */
export const notificationRecord = notification.extend({
  state: notificationState,
  /** Why it is in its state, where there is more to say. */
  reason: z.string().optional(),
  /** The first is the oldest; at most `deliveriesKept`. */
  deliveries: z.array(deliveryRecord).readonly(),
  /** All deliveries that there were. */
  attempts: z.number(),
})
export type NotificationRecord = Readonly<z.infer<typeof notificationRecord>>

export interface StateChange {
  readonly state: NotificationState
  readonly reason?: string
  /** The delivery that brought it there. */
  readonly delivery?: DeliveryRecord
}

export type NotificationKey = Pick<Notification, keyof EventKey | 'notificationId'>

export interface NotificationStore {
  recordEvent(event: EventKey, record: EventRecord): Promise<void>
  recordFailure(event: EventKey, failure: HandlingFailure): Promise<void>
  /** Stores it as WAIT_FOR_DISPATCH unless it is there already. @returns the state that it is in */
  add(notification: Notification): Promise<NotificationState>
  find(notification: NotificationKey): Promise<NotificationRecord | undefined>
  /**
   * Changes the state of a notification that was found. What is SENT stays so, and what was CANCELLED
   * meanwhile becomes at most SENT; the delivery is kept in any case.
   */
  change(notification: NotificationRecord, change: StateChange): Promise<void>
}
