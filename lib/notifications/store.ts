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

export const notificationKey = notification.pick({
  tenant: true,
  eventType: true,
  eventId: true,
  notificationId: true,
})
export type NotificationKey = Readonly<z.infer<typeof notificationKey>>

/** A notification and what became of it so far. */
export const notificationRecord = notification.extend({
  state: notificationState,
  /** Why it is in its state, where there is more to say. */
  reason: z.string().optional(),
  /** The first is the oldest; at most `deliveriesKept`. */
  deliveries: z.array(deliveryRecord).readonly(),
  /** All deliveries that there were. */
  attempts: z.number(),
  /** It is not queued before then (ISO 8601, in UTC). */
  heldUntil: z.string().optional(),
  /** Whether it goes out together with its person's others then. */
  digest: z.boolean().optional(),
  /** The digest that it went into. */
  digestId: z.string().optional(),
  /** For a digest: what is in it. */
  members: z.array(notificationKey).readonly().optional(),
  /** How often somebody had it sent again. */
  resend: z.number().default(0),
})
export type NotificationRecord = Readonly<z.infer<typeof notificationRecord>>

/** How a notification is when it is made. */
export type Standing = Pick<
  NotificationRecord,
  'state' | 'reason' | 'heldUntil' | 'digest' | 'members'
>

export interface StateChange {
  readonly state: NotificationState
  readonly reason?: string
  /** The delivery that brought it there. */
  readonly delivery?: DeliveryRecord
  readonly digestId?: string
}

export interface NotificationStore {
  recordEvent(event: EventKey, record: EventRecord): Promise<void>
  recordFailure(event: EventKey, failure: HandlingFailure): Promise<void>
  /** Stores it unless it is there already. @returns what is on record then */
  add(notification: Notification, standing: Standing): Promise<NotificationRecord>
  find(notification: NotificationKey): Promise<NotificationRecord | undefined>
  /**
   * Changes the state of a notification that was found. What is SENT stays so, and what was CANCELLED
   * meanwhile becomes at most SENT; the delivery is kept in any case. A result (`isResult`) is to be
   * announced from then on.
   */
  change(notification: NotificationRecord, change: StateChange): Promise<void>
  /** It is no longer held, and in a digest if that has an id. */
  release(notification: NotificationRecord, digestId?: string): Promise<void>
  announced(notification: NotificationKey): Promise<void>
  /**
   * Makes it wait once more, for the first time after its state or again.
   *
   * @returns how often that was done; undefined where it has another state by now
   */
  reopen(notification: NotificationRecord): Promise<number | undefined>
}

/** Whether the notification has come to its end by way of a sender. */
export function isResult(state: NotificationState): state is 'SENT' | 'ERROR' | 'EXPIRED' {
  return state === 'SENT' || state === 'ERROR' || state === 'EXPIRED'
}

/** What is to be done at its time: held notifications are released, results announced. */
export type DueKind = 'held' | 'result'

export interface DueNotifications {
  /** Those whose time has come, in some pages. Reads an index, which is some moments behind. */
  due(kind: DueKind, now: Date): AsyncIterable<readonly NotificationKey[]>
}
