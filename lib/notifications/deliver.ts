import { randomUUID } from 'node:crypto'
import type { Channel, ChannelMessage, Delivery } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import type { SubjectStore } from './cancel.ts'
import { type ConcludePorts, conclude, keepContent, shareEnd } from './conclude.ts'
import type { KeptNotifications } from './kept.ts'
import type { QueuedNotification } from './notification.ts'
import { wholeOf } from './queue-body.ts'
import type { SentMessages } from './sent-messages.ts'
import { endAfter, settleDelivery } from './settle-delivery.ts'
import type { NotificationRecord, NotificationStore } from './store.ts'
import { whyOver } from './subject.ts'
import {
  type DeliverOutcome,
  diedDelivering,
  endedEarlier,
  expired,
  givenUp,
  type Received,
  stillCounting,
  underWay,
  type Work,
  workOf,
} from './work.ts'

export interface DeliverPorts extends ConcludePorts {
  readonly channel: Channel
  readonly notifications: Pick<NotificationStore, 'find' | 'claim'> & ConcludePorts['notifications']
  readonly subjects: Pick<SubjectStore, 'stateOf'>
  readonly kept: KeptNotifications
  /** Where the message is kept as it was sent; undefined in a cell that keeps none. */
  readonly sent?: Pick<SentMessages, 'keep'> | undefined
  /** Called for a message that could not be kept. */
  onUnkept?(record: NotificationRecord, error: unknown): void
  /** Waits for the tenant's turn on the channel, or puts this into the queue as a new message. */
  awaitRate(queued: QueuedNotification): Promise<'now' | 'put-back'>
}

/** The receive that brought the message. */
export interface Receive extends Received {
  /** When its invocation ends at the latest. */
  readonly deadline: Date
}

/**
 * Delivers a notification for the first time or again, unless it has ended or another sender is at it.
 * Everything that needs no delivery is decided first, so that it takes no turn of the rate limit.
 *
 * @throws EcosError `delivery-failed`, retryable if a later try may succeed; `delivery-uncertain`;
 *   `under-way`; `notification-expired`; `unknown-notification` without a record,
 *   which alone could say whether it was sent
 */
export async function deliver(
  queued: QueuedNotification,
  receive: Receive,
  ports: DeliverPorts,
): Promise<DeliverOutcome> {
  const record = await ports.notifications.find(queued)
  if (!record) {
    throw new EcosError('unknown-notification', 'There is no record of the notification')
  }
  const work = workOf(queued, record, receive, ports)
  const ended = await endWithoutDelivery(work, ports)
  if (ended !== undefined) return ended
  const whole = await wholeOf(queued, ports.kept)
  if ((await ports.awaitRate(stillCounting(work))) === 'put-back') return 'put-back'
  const claimed = { ...work, queued: whole, record: await claim(work, receive.deadline, ports) }
  const message = { ...whole, username: record.username }
  const began = ports.now()
  const delivery = await send(ports.channel, message)
  const at = ports.now()
  const keeping = work.tries === 1 ? keepSent(claimed, ports) : undefined
  try {
    return await settleDelivery(claimed, delivery, { at, tookMs: +at - +began }, ports)
  } finally {
    await keeping
  }
}

/** Keeps the message, which is the same at each try of one message of the queue. Nothing else depends on it. */
async function keepSent({ queued, record }: Work, { sent, onUnkept }: DeliverPorts): Promise<void> {
  await sent?.keep(queued).catch((error) => onUnkept?.(record, error))
}

async function endWithoutDelivery(
  work: Work,
  ports: DeliverPorts,
): Promise<DeliverOutcome | undefined> {
  const { record } = work
  const { state, claim, notBefore } = record
  if (state === 'SENT') {
    await shareEnd(record, { state }, ports)
    return 'already-sent'
  }
  if (state === 'CANCELLED') return 'cancelled'
  if (state === 'BLOCKED') return 'blocked'
  for (const until of [claim?.until, notBefore]) {
    if (until !== undefined && new Date(until) > ports.now()) throw underWay(until, ports.now())
  }
  if (record.endedAt !== undefined && new Date(record.endedAt) >= work.sentAt) {
    return endedEarlier(work)
  }
  if (claim) {
    const delivery = { outcome: 'unknown', reason: diedDelivering } as const
    return settleDelivery(work, delivery, { at: new Date(claim.at) }, ports)
  }
  if (work.last?.isLast) return endAfter(work.last, work, ports)
  const over = await whySubjectIsOver(record, ports)
  if (over !== undefined) return cancel(work, over, ports)
  return work.secondsLeft > 0 ? undefined : expire(work, ports)
}

async function whySubjectIsOver(
  record: NotificationRecord,
  { subjects }: DeliverPorts,
): Promise<string | undefined> {
  const { tenant, subject } = record
  return subject === undefined
    ? undefined
    : whyOver(record, await subjects.stateOf(tenant, subject))
}

async function cancel(work: Work, reason: string, ports: DeliverPorts): Promise<DeliverOutcome> {
  if (work.unknowns > 0) return leaveUncertain(work, ports)
  await conclude(work, { state: 'CANCELLED', reason }, ports)
  return 'cancelled'
}

/** The message goes to the dead-letter queue, unless the notification may have been delivered. */
async function expire(work: Work, ports: DeliverPorts): Promise<DeliverOutcome> {
  if (work.unknowns > 0) return leaveUncertain(work, ports)
  const { reason = 'it was not delivered in time' } = work.record
  // If that fails, the dead-letter queue has the content.
  await keepContent(work, ports).catch(() => undefined)
  await conclude(work, { state: 'EXPIRED', reason }, ports)
  throw expired(reason)
}

async function leaveUncertain(work: Work, ports: DeliverPorts): Promise<DeliverOutcome> {
  const { reason = diedDelivering } = work.record
  const isKept = await keepContent(work, ports)
  await conclude(work, { state: 'UNCERTAIN', reason }, ports)
  if (!isKept) throw givenUp(work.queued, reason)
  return 'uncertain'
}

/** @throws EcosError `under-way` if somebody was faster */
async function claim(
  { record, isLastReceive }: Work,
  deadline: Date,
  { notifications, now }: DeliverPorts,
): Promise<NotificationRecord> {
  const claim = { id: randomUUID(), at: now().toISOString(), until: deadline.toISOString() }
  // After the last receive nobody else could record that the sender died.
  const ifLost = isLastReceive
    ? ({ state: 'UNCERTAIN', reason: diedDelivering } as const)
    : undefined
  const claimed = await notifications.claim(record, claim, ifLost)
  if (!claimed) throw underWay(now().toISOString(), now())
  return claimed
}

/** A channel that can't try at all, for example without its secret, fails for now. */
async function send(channel: Channel, message: ChannelMessage): Promise<Delivery> {
  try {
    return await channel.deliver(message)
  } catch (error) {
    // Only the code or the name: a message may contain an address or a secret.
    const { name } = error instanceof Error ? error : { name: 'unknown error' }
    return { outcome: 'transient', reason: error instanceof EcosError ? error.code : name }
  }
}
