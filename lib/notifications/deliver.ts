import type { Channel, Delivery } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import type { QueuedNotification } from './notification.ts'
import type { NotificationStore } from './store.ts'

export interface DeliverPorts {
  readonly channel: Channel
  readonly notifications: Pick<NotificationStore, 'claim' | 'recordDelivery'>
}

export type DeliverOutcome = 'sent' | 'already-sent' | 'failed-for-good'

/**
 * Delivers a notification once more or for the first time. A notification in ERROR is tried like any
 * other: that is what moving it back out of the dead-letter queue asks for.
 *
 * @param isLast whether the queue gives the message up after this try
 * @throws EcosError `delivery-failed` when it may work later, so that the queue brings it again;
 *   `delivery-under-way` when another sender is at it, whose result the next try will see;
 *   `unknown-notification` when nothing is known of it, and so nobody can say whether it was sent
 */
export async function deliver(
  queued: QueuedNotification,
  isLast: boolean,
  ports: DeliverPorts,
): Promise<DeliverOutcome> {
  switch (await ports.notifications.claim(queued)) {
    case 'sent':
      return 'already-sent'
    case 'taken':
      throw new EcosError('delivery-under-way', 'Another sender is delivering the notification', {
        retryable: true,
      })
    case 'unknown':
      throw new EcosError(
        'unknown-notification',
        'The notification is not, or no longer, on record',
      )
    case 'claimed':
      return deliverClaimed(queued, isLast, ports)
  }
}

async function deliverClaimed(
  queued: QueuedNotification,
  isLast: boolean,
  ports: DeliverPorts,
): Promise<DeliverOutcome> {
  const delivery = await attempt(ports.channel, queued)
  switch (delivery.outcome) {
    case 'sent': {
      const { providerId } = delivery
      const sent = { state: 'SENT', ...(providerId !== undefined && { providerId }) } as const
      await ports.notifications.recordDelivery(queued, sent)
      return 'sent'
    }
    case 'permanent':
    case 'gone': {
      const { reason } = delivery
      await ports.notifications.recordDelivery(queued, { state: 'ERROR', reason })
      return 'failed-for-good'
    }
    case 'transient': {
      const { reason } = delivery
      const next = isLast ? 'ERROR' : 'WAIT_FOR_DISPATCH'
      await ports.notifications.recordDelivery(queued, { state: next, reason })
      throw new EcosError('delivery-failed', `Not delivered by ${queued.channel}: ${reason}`, {
        retryable: true,
      })
    }
  }
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
