import type { RetryPolicy } from '../channels/retry-policy.ts'
import { EcosError } from '../errors.ts'
import type { Attempt } from '../queue-function/ports.ts'
import type { Progress } from './after-delivery.ts'
import type { QueuedNotification } from './notification.ts'
import type { DeliveryRecord, NotificationRecord } from './store.ts'

/**
 * `permanent` and `gone`: refused, and not tried again. `uncertain`: maybe delivered, and not tried again.
 * `ended-earlier`: another message of the notification is in the dead-letter queue, or goes there.
 */
export type DeliverOutcome =
  | 'sent'
  | 'already-sent'
  | 'cancelled'
  | 'blocked'
  | 'permanent'
  | 'gone'
  | 'uncertain'
  | 'put-back'
  | 'ended-earlier'

export type Received = Pick<Attempt, 'messageId' | 'isLastReceive' | 'sentAt'>

/** A message with a notification to deliver, and its record. */
export interface Work extends Progress, Received {
  readonly queued: QueuedNotification
  readonly record: NotificationRecord
  /** Its tries are counted from then on. */
  readonly since: Date
  /** The last delivery of this message so far. */
  readonly last: DeliveryRecord | undefined
}

/**
 * Deliveries are counted since the message was sent to its queue: receives that failed for a store's fault
 * use up none, and a redriven message has all of its tries again. One that was put back goes on counting.
 */
export function workOf(
  queued: QueuedNotification,
  record: NotificationRecord,
  { messageId, isLastReceive, sentAt }: Received,
  { retry, now }: { readonly retry: RetryPolicy; now(): Date },
): Work {
  const since = countedSince(queued, record) ?? sentAt
  const earlier = record.deliveries.filter(({ at }) => new Date(at) >= since)
  const tries = 1 + earlier.length
  return {
    queued,
    record,
    messageId,
    sentAt,
    since,
    last: earlier.at(-1),
    isLastReceive,
    tries,
    unknowns: earlier.filter(({ outcome }) => outcome === 'unknown').length,
    isLast: isLastReceive || tries >= retry.tries,
    secondsLeft: retry.timeToLiveSeconds - (now().getTime() - Date.parse(queued.queuedAt)) / 1000,
  }
}

/** Undefined for a message that comes back from the dead-letter queue: its tries begin anew. */
function countedSince(
  { countedSince }: QueuedNotification,
  { endedAt }: NotificationRecord,
): Date | undefined {
  if (countedSince === undefined) return undefined
  const since = new Date(countedSince)
  return endedAt !== undefined && new Date(endedAt) >= since ? undefined : since
}

/** The notification for a new message in its queue, which takes the tries so far into account. */
export function stillCounting({ queued, tries, since }: Work): QueuedNotification {
  return tries === 1 ? queued : { ...queued, countedSince: since.toISOString() }
}

/** The reason on record if a sender dies, or can't record the outcome. */
export const diedDelivering = 'the sender ended before it recorded the outcome'

/** The outcome of a message that is older than the notification's end. */
export function endedEarlier({ record, queued, messageId }: Work): DeliverOutcome {
  const { state, reason = '', deliveries, endedBy = messageId } = record
  if (state === 'UNCERTAIN') return 'uncertain'
  const last = deliveries.at(-1)?.outcome
  if (state !== 'EXPIRED' && (last === 'permanent' || last === 'gone')) return last
  if (endedBy !== messageId) return 'ended-earlier'
  throw state === 'EXPIRED' ? expired(reason) : givenUp(queued, reason)
}

/** The message goes to the dead-letter queue. */
export function givenUp({ channel }: QueuedNotification, reason: string): EcosError {
  const problem = `Not delivered by ${channel}: ${reason}`
  return new EcosError('delivery-failed', problem, { retryAfterSeconds: 0 })
}

/** The message goes to the dead-letter queue. */
export function expired(reason: string): EcosError {
  const problem = `The notification's time to live is over: ${reason}`
  return new EcosError('notification-expired', problem, { retryAfterSeconds: 0 })
}

/** @param until ISO 8601: when the message is to come back */
export function underWay(until: string, now: Date): EcosError {
  const seconds = (Date.parse(until) - now.getTime()) / 1000
  const problem = `Another sender has the notification, or it may not be delivered before ${until}`
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds))
  return new EcosError('under-way', problem, { retryable: true, retryAfterSeconds })
}
