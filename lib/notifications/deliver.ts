import type { Channel, Delivery } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { type SubjectStore, subjectOver } from './cancel.ts'
import type { KeptNotifications } from './kept.ts'
import type { QueuedNotification } from './notification.ts'
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
  /** How long a notification is worth sending, from the moment that it was queued. */
  readonly timeToLiveSeconds: number
  readonly subscriptions: SubscriptionSwitch
  /** Resolves when the event is on the bus. */
  putOnBus: ResultPorts['putOnBus']
  /** Is told of a result that could not be announced now. */
  onUnannounced(record: NotificationRecord, error: unknown): void
  now(): Date
}

/** `permanent`, `gone`: not delivered, and not tried again; the record says why. */
export type DeliverOutcome =
  | 'sent'
  | 'already-sent'
  | 'cancelled'
  | 'blocked'
  | 'permanent'
  | 'gone'

/** A notification to be delivered: as it was queued, and as it is on record. */
interface Work {
  readonly queued: QueuedNotification
  readonly record: NotificationRecord
  readonly isLast: boolean
}

/**
 * Delivers a notification once more or for the first time. One in ERROR is tried like any other: that
 * is what moving it back out of the dead-letter queue asks for. The caller keeps a second delivery of
 * the same notification from running beside this one.
 *
 * @param isLast whether the queue gives the message up after this try
 * @throws EcosError `delivery-failed` when it may work later, so that the queue brings it again;
 *   `notification-expired` so that the queue gives it up; `unknown-notification` when nothing is known
 *   of it, and so nobody can say whether it was sent
 */
export async function deliver(
  queued: QueuedNotification,
  isLast: boolean,
  ports: DeliverPorts,
): Promise<DeliverOutcome> {
  const record = await ports.notifications.find(queued)
  if (!record) {
    const problem = 'The notification is not, or no longer, on record'
    throw new EcosError('unknown-notification', problem)
  }
  if (record.state === 'SENT') {
    await shareEnd(record, { state: 'SENT' }, ports)
    return 'already-sent'
  }
  if (record.state === 'CANCELLED') return 'cancelled'
  if (record.state === 'BLOCKED') return 'blocked'
  const work = { queued, record, isLast }
  if (await isOver(record, ports)) {
    await conclude(work, { state: 'CANCELLED', reason: subjectOver }, ports)
    return 'cancelled'
  }
  return secondsLeft(queued, ports) > 0 ? tryOnce(work, ports) : expire(work, ports)
}

async function isOver(record: NotificationRecord, ports: DeliverPorts): Promise<boolean> {
  const { tenant, subject } = record
  return subject !== undefined && ports.subjects.isClosed(tenant, subject)
}

/** What the last try of a sender says that died in it. */
const diedInLastTry = 'the sender ended during the last try'

async function tryOnce(work: Work, ports: DeliverPorts): Promise<DeliverOutcome> {
  const { queued, record, isLast } = work
  const { notifications } = ports
  // Nobody comes after a last try to say what became of it.
  if (isLast) {
    await ports.kept.keep(queued)
    await notifications.change(record, { state: 'ERROR', reason: diedInLastTry })
  }
  const delivery = await attempt(ports.channel, queued)
  const remembered = asRecord(delivery, ports.now())
  switch (delivery.outcome) {
    case 'sent':
      await conclude(work, { state: 'SENT', delivery: remembered }, ports)
      return 'sent'
    case 'gone':
      await ports.subscriptions.switchOff(record, delivery.reason)
      await failForGood(work, remembered, ports)
      return 'gone'
    case 'permanent':
      await failForGood(work, remembered, ports)
      return 'permanent'
    case 'transient': {
      const { reason, retryAfterSeconds } = delivery
      const state = isLast ? 'ERROR' : 'WAIT_FOR_DISPATCH'
      await conclude(work, { state, reason, delivery: remembered }, ports)
      throw new EcosError('delivery-failed', `Not delivered by ${queued.channel}: ${reason}`, {
        retryable: true,
        // No longer than it is worth waiting for; who asks for no wait gets the growing one.
        ...(retryAfterSeconds && {
          retryAfterSeconds: Math.max(0, Math.min(retryAfterSeconds, secondsLeft(queued, ports))),
        }),
      })
    }
  }
}

async function failForGood(
  work: Work,
  delivery: DeliveryRecord,
  ports: DeliverPorts,
): Promise<void> {
  const { reason } = delivery
  await ports.kept.keep(work.queued)
  await conclude(work, { state: 'ERROR', ...(reason && { reason }), delivery }, ports)
}

/** The tries that are left are spent at once, so that it comes to rest in the dead-letter queue. */
async function expire(work: Work, ports: DeliverPorts): Promise<never> {
  const { state, reason = 'it was not delivered in time' } = work.record
  if (state !== 'EXPIRED') {
    await ports.kept.keep(work.queued)
    await conclude(work, { state: 'EXPIRED', reason }, ports)
  }
  throw new EcosError('notification-expired', `Out of time: ${reason}`, { retryAfterSeconds: 0 })
}

/** Records what came of it; what is in a digest shares its end, and a result is announced. */
async function conclude({ record }: Work, change: StateChange, ports: DeliverPorts): Promise<void> {
  const { notifications } = ports
  const { state, reason, delivery } = change
  await notifications.change(record, change)
  if (state === 'WAIT_FOR_DISPATCH') return
  await shareEnd(record, { state, ...(reason && { reason }) }, ports)
  if (!isResult(state)) return
  const deliveries = delivery ? [...record.deliveries, delivery] : record.deliveries
  const attempts = record.attempts + (delivery ? 1 : 0)
  const { reason: _, ...rest } = record
  const result = { ...rest, state, ...(reason && { reason }), deliveries, attempts }
  await announce(result, ports).catch((error) => ports.onUnannounced(result, error))
}

/** What came of a digest came of its members. May be repeated. */
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
  return ports.timeToLiveSeconds - age
}

/** What keeps the channel from trying at all, such as a secret that can't be read, may pass too. */
async function attempt(channel: Channel, queued: QueuedNotification): Promise<Delivery> {
  try {
    return await channel.deliver(queued)
  } catch (error) {
    // The code or the name alone: a message may say what a reason must not.
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
