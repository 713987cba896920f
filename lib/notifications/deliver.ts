import type { Channel, Delivery } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import type { QueuedNotification } from './notification.ts'
import type { DeliveryRecord, NotificationRecord, NotificationStore } from './store.ts'
import type { SubscriptionSwitch } from './switch-off.ts'

export interface DeliverPorts {
  readonly channel: Channel
  readonly notifications: Pick<NotificationStore, 'find' | 'change'>
  /** How long a notification is worth sending, from the moment that it was queued. */
  readonly timeToLiveSeconds: number
  readonly subscriptions: SubscriptionSwitch
  now(): Date
}

export type DeliverOutcome = 'sent' | 'already-sent' | 'cancelled' | 'blocked' | 'failed-for-good'

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
  if (record.state === 'SENT') return 'already-sent'
  if (record.state === 'CANCELLED') return 'cancelled'
  if (record.state === 'BLOCKED') return 'blocked'
  if (secondsLeft(queued, ports) <= 0) return expire(record, ports)
  return tryOnce({ queued, record, isLast }, ports)
}

/** What the last try of a sender says that died in it. */
const diedInLastTry = 'the sender ended during the last try'

async function tryOnce(work: Work, ports: DeliverPorts): Promise<DeliverOutcome> {
  const { queued, record, isLast } = work
  const { notifications } = ports
  // Nobody comes after a last try to say what became of it.
  if (isLast) await notifications.change(record, { state: 'ERROR', reason: diedInLastTry })
  const delivery = await attempt(ports.channel, queued)
  const remembered = asRecord(delivery, ports.now())
  switch (delivery.outcome) {
    case 'sent':
      await notifications.change(record, { state: 'SENT', delivery: remembered })
      return 'sent'
    case 'gone':
      await ports.subscriptions.switchOff(record, delivery.reason)
      return failForGood(work, remembered, ports)
    case 'permanent':
      return failForGood(work, remembered, ports)
    case 'transient': {
      const { reason, retryAfterSeconds } = delivery
      const state = isLast ? 'ERROR' : 'WAIT_FOR_DISPATCH'
      await notifications.change(record, { state, reason, delivery: remembered })
      throw new EcosError('delivery-failed', `Not delivered by ${queued.channel}: ${reason}`, {
        retryable: true,
        // No longer than it is worth waiting for.
        ...(retryAfterSeconds !== undefined && {
          retryAfterSeconds: Math.max(0, Math.min(retryAfterSeconds, secondsLeft(queued, ports))),
        }),
      })
    }
  }
}

async function failForGood(
  { record }: Work,
  delivery: DeliveryRecord,
  { notifications }: DeliverPorts,
): Promise<DeliverOutcome> {
  const { reason } = delivery
  await notifications.change(record, { state: 'ERROR', ...(reason && { reason }), delivery })
  return 'failed-for-good'
}

/** The tries that are left are spent at once, so that it comes to rest in the dead-letter queue. */
async function expire(record: NotificationRecord, ports: DeliverPorts): Promise<never> {
  const reason = record.reason ?? 'it was not delivered in time'
  if (record.state !== 'EXPIRED')
    await ports.notifications.change(record, { state: 'EXPIRED', reason })
  throw new EcosError('notification-expired', `Out of time: ${reason}`, { retryAfterSeconds: 0 })
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
