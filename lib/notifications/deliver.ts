import type { Channel, Delivery } from '../channels/channel.ts'
import type { RetryPolicy } from '../channels/retry-policy.ts'
import { EcosError } from '../errors.ts'
import type { Attempt } from '../queue-function/ports.ts'
import { afterDelivery } from './after-delivery.ts'
import { type SubjectStore, subjectClosed } from './cancel.ts'
import type { KeptNotifications } from './kept.ts'
import type { NotificationState, QueuedNotification } from './notification.ts'
import { announce, type ResultPorts } from './results.ts'
import {
  type DeliveryRecord,
  isResult,
  type NotificationRecord,
  type NotificationStore,
  type StateChange,
} from './store.ts'
import type { SubscriptionSwitch } from './subscriptions/switch-off.ts'

export interface DeliverPorts {
  readonly channel: Channel
  readonly notifications: Pick<NotificationStore, 'find' | 'change' | 'announced'>
  readonly subjects: Pick<SubjectStore, 'isClosed'>
  readonly kept: Pick<KeptNotifications, 'keep'>
  /** How often a notification is delivered at most, with which waits, and for how long. */
  readonly retry: RetryPolicy
  readonly subscriptions: SubscriptionSwitch
  /** Resolves when the event is on the bus. */
  putOnBus: ResultPorts['putOnBus']
  /** Called for a result that could not be announced now. */
  onUnannounced(record: NotificationRecord, error: unknown): void
  now(): Date
}

/**
 * `permanent` and `gone`: not delivered and not tried again; the record says why. `uncertain`: maybe
 * delivered, and not tried again.
 */
export type DeliverOutcome =
  | 'sent'
  | 'already-sent'
  | 'cancelled'
  | 'blocked'
  | 'permanent'
  | 'gone'
  | 'uncertain'

/** A notification to deliver: as it was queued, and its record. */
interface Work {
  readonly queued: QueuedNotification
  readonly record: NotificationRecord
  /** Its delivery among those of the same message: 1 for the first. */
  readonly tries: number
  /** Earlier ones of unknown outcome. */
  readonly unknowns: number
  readonly isLast: boolean
  readonly isLastReceive: boolean
}

/**
 * Delivers a notification for the first time or again. One in ERROR is tried like any other, since
 * redriving it from the dead-letter queue asks for that. The caller makes sure that no two deliveries
 * of a notification run concurrently.
 *
 * @param attempt the receive that brought the message. Deliveries are counted since the message was
 *   sent to its queue: receives that failed for a store's fault use up none
 * @throws EcosError `delivery-failed`, retryable if a later try may succeed; `delivery-uncertain`; `notification-expired`;
 *   `unknown-notification` without a record, which alone could say whether it was sent
 */
export async function deliver(
  queued: QueuedNotification,
  attempt: Pick<Attempt, 'isLastReceive' | 'sentAt'>,
  ports: DeliverPorts,
): Promise<DeliverOutcome> {
  const record = await ports.notifications.find(queued)
  if (!record) {
    throw new EcosError('unknown-notification', 'There is no record of the notification')
  }
  if (record.state === 'SENT') {
    await shareEnd(record, { state: 'SENT' }, ports)
    return 'already-sent'
  }
  if (record.state === 'CANCELLED') return 'cancelled'
  if (record.state === 'BLOCKED') return 'blocked'
  const earlier = record.deliveries.filter(({ at }) => new Date(at) >= attempt.sentAt)
  const tries = 1 + earlier.length
  const unknowns = earlier.filter(({ outcome }) => outcome === 'unknown').length
  const isLast = attempt.isLastReceive || tries >= ports.retry.tries
  const { isLastReceive } = attempt
  const work = { queued, record, tries, unknowns, isLast, isLastReceive }
  if (await isSubjectClosed(record, ports)) {
    await conclude(work, { state: 'CANCELLED', reason: subjectClosed }, ports)
    return 'cancelled'
  }
  if (record.lastTryAt !== undefined && new Date(record.lastTryAt) >= attempt.sentAt) {
    throw givenUp(queued, record.reason ?? diedInLastTry)
  }
  return secondsLeft(queued, ports) > 0 ? tryOnce(work, ports) : expire(work, ports)
}

async function isSubjectClosed(record: NotificationRecord, ports: DeliverPorts): Promise<boolean> {
  const { tenant, subject } = record
  return subject !== undefined && ports.subjects.isClosed(tenant, subject)
}

/** The reason on record if the sender dies during its last try. */
const diedInLastTry = 'the sender ended during the last try'

async function tryOnce(work: Work, ports: DeliverPorts): Promise<DeliverOutcome> {
  const { queued, record, isLast } = work
  const { notifications, retry } = ports
  // No later try could record the outcome of the last one.
  if (isLast) {
    await keep(work, ports)
    const lastTryAt = ports.now().toISOString()
    await notifications.change(record, { state: 'ERROR', reason: diedInLastTry, lastTryAt })
  }
  const delivery = await send(ports.channel, queued)
  const { tries, unknowns } = work
  const at = { tries, unknowns, isLast, secondsLeft: secondsLeft(queued, ports) }
  const { next, ...outcome } = afterDelivery(delivery, at, retry)
  if (delivery.outcome === 'gone') await ports.subscriptions.switchOff(record, delivery.reason)
  if (next === 'done' && outcome.state !== 'SENT') await keep(work, ports)
  const goesOn = typeof next === 'object'
  await conclude(work, { ...outcome, delivery: asRecord(delivery, ports.now()), goesOn }, ports)
  if (next === 'done') return outcomeOf(delivery, outcome.state)
  const { reason = '' } = outcome
  if (next === 'dead-letter') throw givenUp(queued, reason)
  const code = delivery.outcome === 'unknown' ? 'delivery-uncertain' : 'delivery-failed'
  throw new EcosError(code, `Not delivered by ${queued.channel}: ${reason}`, {
    retryable: true,
    retryAfterSeconds: next.again,
  })
}

function outcomeOf({ outcome }: Delivery, state: NotificationState): DeliverOutcome {
  if (state === 'UNCERTAIN') return 'uncertain'
  return outcome === 'sent' || outcome === 'gone' ? outcome : 'permanent'
}

/** The message goes to the dead-letter queue. */
function givenUp({ channel }: QueuedNotification, reason: string): EcosError {
  const problem = `Not delivered by ${channel}: ${reason}`
  return new EcosError('delivery-failed', problem, { retryAfterSeconds: 0 })
}

/** No later receive could keep the content, and the dead-letter queue has it: the state counts more. */
async function keep({ queued, isLastReceive }: Work, { kept }: DeliverPorts): Promise<void> {
  try {
    await kept.keep(queued)
  } catch (error) {
    if (!isLastReceive) throw error
  }
}

/** The message goes to the dead-letter queue, unless the notification may have been delivered. */
async function expire(work: Work, ports: DeliverPorts): Promise<DeliverOutcome> {
  const { state, reason = 'it was not delivered in time' } = work.record
  if (work.unknowns > 0) {
    await keep(work, ports)
    await conclude(work, { state: 'UNCERTAIN', reason }, ports)
    return 'uncertain'
  }
  if (state !== 'EXPIRED') {
    await keep(work, ports)
    await conclude(work, { state: 'EXPIRED', reason }, ports)
  }
  const problem = `The notification's time to live is over: ${reason}`
  throw new EcosError('notification-expired', problem, { retryAfterSeconds: 0 })
}

/** Records the outcome, also of a digest's members, and announces a result. */
async function conclude({ record }: Work, change: StateChange, ports: DeliverPorts): Promise<void> {
  const { notifications } = ports
  const { state, reason, delivery, goesOn } = change
  await notifications.change(record, change)
  if (goesOn) return
  await shareEnd(record, { state, ...(reason && { reason }) }, ports)
  if (!isResult(state)) return
  const deliveries = delivery ? [...record.deliveries, delivery] : record.deliveries
  const attempts = record.attempts + (delivery ? 1 : 0)
  const { reason: _, ...rest } = record
  const result = { ...rest, state, ...(reason && { reason }), deliveries, attempts }
  await announce(result, ports).catch((error) => ports.onUnannounced(result, error))
}

/** A digest's members get the digest's state. May be repeated. */
async function shareEnd(
  { members = [] }: NotificationRecord,
  change: StateChange,
  { notifications }: DeliverPorts,
): Promise<void> {
  for (const key of members) {
    const member = await notifications.find(key)
    if (member && member.state !== change.state) await notifications.change(member, change)
  }
}

function secondsLeft({ queuedAt }: QueuedNotification, ports: DeliverPorts): number {
  const age = (ports.now().getTime() - Date.parse(queuedAt)) / 1000
  return ports.retry.timeToLiveSeconds - age
}

/** A channel that can't try at all, for example without its secret, fails for now. */
async function send(channel: Channel, queued: QueuedNotification): Promise<Delivery> {
  try {
    return await channel.deliver(queued)
  } catch (error) {
    // Only the code or the name: a message may contain an address or a secret.
    const { name } = error instanceof Error ? error : { name: 'unknown error' }
    return { outcome: 'transient', reason: error instanceof EcosError ? error.code : name }
  }
}

function asRecord(delivery: Delivery, at: Date): DeliveryRecord {
  const { outcome } = delivery
  const about = { at: at.toISOString(), outcome }
  if (outcome !== 'sent') return { ...about, reason: delivery.reason }
  const { providerId } = delivery
  return { ...about, ...(providerId !== undefined && { providerId }) }
}
