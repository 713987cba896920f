import * as z from 'zod'
import type { EventKey } from '../events/bus-event.ts'
import { late } from '../late.ts'
import {
  type Notification,
  type NotificationState,
  notification,
  notificationState,
} from './notification.ts'

/**
 * For how long events and notifications are remembered: within this window a repeated event makes no
 * second notification. It exceeds SQS's retention, which ends 14 days after the first sending.
 */
export const deduplicationDays = 30
export const deduplicationSeconds = deduplicationDays * 24 * 60 * 60

/** Why the latest try to handle an event failed. */
export interface HandlingFailure {
  readonly code: string
  readonly reason: string
  readonly tries: number
}

/** One delivery on record. */
export const deliveryRecord = late(() =>
  z.object({
    /** ISO 8601, in UTC: when it ended. */
    at: z.string(),
    /** How long it took; unknown of one whose sender died. */
    tookMs: z.number().optional(),
    outcome: z.enum(['sent', 'transient', 'permanent', 'gone', 'unknown']),
    reason: z.string().optional(),
    /** The provider's own id of the delivery. */
    providerId: z.string().optional(),
    /** ISO 8601, in UTC: when the next delivery is due, if one follows. */
    nextAt: z.string().optional(),
    /** No other follows it: the notification ends with it, once its content can be kept. */
    isLast: z.literal(true).optional(),
  }),
)
export type DeliveryRecord = Readonly<z.infer<typeof deliveryRecord>>

/** How many of the latest deliveries a record keeps. */
export const deliveriesKept = 50

/** A sender's exclusive right to deliver a notification, whatever message brought it. */
export const claim = late(() =>
  z.object({
    /** Different for every claim: whoever writes an outcome must still have this one. */
    id: z.string(),
    /** Both ISO 8601, in UTC. */
    at: z.string(),
    until: z.string(),
  }),
)
export type Claim = Readonly<z.infer<typeof claim>>

export const notificationKey = late(() =>
  notification.pick({
    tenant: true,
    eventType: true,
    eventId: true,
    notificationId: true,
  }),
)
export type NotificationKey = Readonly<z.infer<typeof notificationKey>>

/** A notification, its state and its deliveries so far. */
export const notificationRecord = late(() =>
  notification.extend({
    state: notificationState,
    /** ISO 8601, in UTC; the store sets it. */
    createdAt: z.string().optional(),
    /** Why it is in its state, if there is more to say. */
    reason: z.string().optional(),
    /** The oldest first; at most `deliveriesKept`. */
    deliveries: z.array(deliveryRecord).readonly(),
    /** The number of all deliveries. */
    attempts: z.number(),
    /** When it is queued at the earliest (ISO 8601, in UTC). */
    heldUntil: z.string().optional(),
    /** Notifications of the same event: it is sent only if none of them was delivered by then. */
    awaits: z.array(z.string()).readonly().optional(),
    /** Whether it is then sent in a digest. */
    digest: z.boolean().optional(),
    /** The id of the digest that contains it. */
    digestId: z.string().optional(),
    /** The members of a digest. */
    members: z.array(notificationKey).readonly().optional(),
    /** How often an operator has resent it. */
    resend: z.number().default(0),
    /** The sender that delivers it. Once its time is over, that sender died before it recorded an outcome. */
    claim: claim.optional(),
    /** It is not delivered before then (ISO 8601, in UTC): its latest delivery may have arrived. */
    notBefore: z.string().optional(),
    /** When a sender brought it to an end (ISO 8601, in UTC): older messages do not deliver it again. */
    endedAt: z.string().optional(),
    /** The queue's id of the message that ended it: only this one goes to the dead-letter queue. */
    endedBy: z.string().optional(),
  }),
)
export type NotificationRecord = Readonly<z.infer<typeof notificationRecord>>

/** The state in which a notification is stored first. */
export type InitialState = Pick<
  NotificationRecord,
  'state' | 'reason' | 'heldUntil' | 'awaits' | 'digest' | 'members'
>

/** A notification that is to be stored. */
export interface NewNotification {
  readonly notification: Notification
  readonly initial: InitialState
}

/** Whether a notification failed before it was queued. */
export function hasFailedPlanning(record: NotificationRecord): boolean {
  const { state, attempts, endedAt, digestId } = record
  return state === 'ERROR' && attempts === 0 && endedAt === undefined && digestId === undefined
}

export interface StateChange {
  readonly state: NotificationState
  readonly reason?: string
}

/** A change of a notification that failed planning and is planned again: it may be held now. */
export type Replanned = Pick<InitialState, 'state' | 'reason' | 'heldUntil' | 'awaits' | 'digest'>

/** What a sender records of a notification. */
export interface Outcome extends StateChange {
  /** The delivery that caused it. */
  readonly delivery?: DeliveryRecord
  /** The notification is delivered again, after `notBefore` if that is given. */
  readonly goesOn?: boolean
  /** The message that ends it. */
  readonly endedBy?: string | undefined
  readonly notBefore?: string
}

/** A notification that is no longer held, and what became of it. */
export interface Release {
  readonly notification: NotificationKey
  /** The digest that contains it. */
  readonly digestId?: string
  /** Where it goes, if that has changed meanwhile. */
  readonly address?: string
}

export interface NotificationStore {
  recordFailure(event: EventKey, failure: HandlingFailure): Promise<void>
  /** Stores the notification unless it is stored already. @returns its record */
  add(notification: Notification, initial: InitialState): Promise<NotificationRecord>
  /**
   * Stores many notifications at once.
   *
   * @returns the records of those that were stored now; undefined for one that is known already or was not
   *   accepted, as `add` will tell
   */
  addAll(all: readonly NewNotification[]): Promise<readonly (NotificationRecord | undefined)[]>
  find(notification: NotificationKey): Promise<NotificationRecord | undefined>
  /**
   * Changes the state of a stored notification. SENT is final, and CANCELLED can only become SENT. A result
   * (`isResult`) is then due to be announced.
   */
  change(notification: NotificationRecord, change: Replanned): Promise<void>
  /** Holds a held notification until a later time (ISO 8601, in UTC), if nothing else has happened to it. */
  hold(notification: NotificationRecord, until: string): Promise<void>
  /** Ends the holding of notifications. @returns for each whether that is on record */
  releaseAll(all: readonly Release[]): Promise<readonly boolean[]>
  /**
   * Gives the notification to one sender, if nothing has happened to it since it was read.
   *
   * @param ifLost the state that it has meanwhile, for a sender whose death nobody else would record
   * @returns its record with the claim; undefined if somebody was faster
   */
  claim(
    notification: NotificationRecord,
    claim: Claim,
    ifLost?: StateChange,
  ): Promise<NotificationRecord | undefined>
  /**
   * Records the outcome and ends the record's claim. An outcome of a sender whose claim has passed to
   * another adds its delivery, and changes the state only to SENT. SENT is final, and CANCELLED can only
   * become SENT.
   *
   * @returns the state that the notification has then; undefined if it is not on record any more
   */
  settle(notification: NotificationRecord, outcome: Outcome): Promise<NotificationState | undefined>
  /** Records that the result has been announced. */
  announced(notification: NotificationKey): Promise<void>
  /**
   * Puts the notification back into WAIT_FOR_DISPATCH, unless a sender delivers it.
   *
   * @returns how often it has been reopened; undefined if it has changed meanwhile or is being delivered
   */
  reopen(notification: NotificationRecord): Promise<number | undefined>
}

/** Whether a sender has brought the notification to an end. */
export function isResult(state: NotificationState): state is Result {
  return state === 'SENT' || state === 'UNCERTAIN' || state === 'ERROR' || state === 'EXPIRED'
}
export type Result = 'SENT' | 'UNCERTAIN' | 'ERROR' | 'EXPIRED'

/** Held notifications are due to be released, results to be announced. */
export type DueKind = 'held' | 'result'

export interface DueNotifications {
  /**
   * Due notifications, in lines to be worked on side by side, each in parts, what is due longest first.
   * Those that may share a digest come in the same part. Reads an index, which lags by moments.
   */
  due(kind: DueKind, now: Date): readonly AsyncIterable<readonly NotificationRecord[]>[]
  /** When the next one is due after `now`, if that is before `end`. */
  next(kind: DueKind, now: Date, end: Date): Promise<Date | undefined>
}
