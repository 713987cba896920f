import type { Channel, Delivery } from '../channels/channel.ts'
import type { Once } from '../queue-function/once.ts'
import type { MessageHandler } from '../queue-function/ports.ts'
import { type DeliverPorts, deliver } from './deliver.ts'
import type { KeptNotifications } from './kept.ts'
import { parseQueued, type QueuedNotification } from './notification.ts'
import { wholeOf } from './queue-body.ts'

export interface SenderPorts {
  readonly once: Once
  /** Waits for the channel's rate limit, or says why there is no slot now (lib/channels/rate-limit.ts). */
  awaitRate(queued: QueuedNotification, tries: number): Promise<'now' | 'put-back' | Delivery>
  readonly kept: Pick<KeptNotifications, 'load'>
  readonly deliver: DeliverPorts
}

/** Sends the notifications of a channel's queue, within the rate limit and each once. */
export function sender(ports: SenderPorts): MessageHandler<QueuedNotification> {
  return {
    parse: parseQueued,
    async handle(queued, attempt, context) {
      // Before the notification is remembered: one that is put back must not count as handled.
      const slot = await ports.awaitRate(queued, attempt.tries)
      if (slot === 'put-back') return slot
      const deliverPorts =
        slot === 'now' ? ports.deliver : { ...ports.deliver, channel: answering(slot) }
      return ports.once([queued.notificationId, String(queued.resend)], context, () =>
        wholeOf(queued, ports.kept).then((whole) => deliver(whole, attempt, deliverPorts)),
      )
    },
  }
}

/** A channel that always answers so: what kept the notification from its channel is recorded likewise. */
function answering(delivery: Delivery): Channel {
  return { deliver: async () => delivery }
}
