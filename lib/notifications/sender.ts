import type { Channel, Delivery } from '../channels/channel.ts'
import type { Once } from '../queue-function/once.ts'
import type { Consumer } from '../queue-function/queue-function.ts'
import { type DeliverPorts, deliver } from './deliver.ts'
import { parseQueued, type QueuedNotification } from './notification.ts'

export interface SenderPorts {
  readonly once: Once
  /** Waits for the delivery's turn, or says why there is none now (lib/channels/turns.ts). */
  turnOf(queued: QueuedNotification, tries: number): Promise<'now' | 'put-back' | Delivery>
  readonly deliver: DeliverPorts
}

/** Delivers the notifications of a channel's queue: each in its turn, and each once. */
export function sender(ports: SenderPorts): Consumer<QueuedNotification> {
  return {
    parse: parseQueued,
    async handle(queued, { tries, isLast }, context) {
      // Before anything is remembered: one that is put back must not be taken for done.
      const turn = await ports.turnOf(queued, tries)
      if (turn === 'put-back') return turn
      const now = turn === 'now' ? ports.deliver : { ...ports.deliver, channel: answering(turn) }
      return ports.once([queued.notificationId, String(queued.resend)], context, () =>
        deliver(queued, isLast, now),
      )
    },
  }
}

/** Has what keeps a notification from its channel recorded as the channel's own answer is. */
function answering(delivery: Delivery): Channel {
  return { deliver: async () => delivery }
}
