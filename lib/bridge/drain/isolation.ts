import { pause } from '../../waiting.ts'
import type { IncomingMessage } from '../message.ts'
import { deliveryCountOf, inOrderOfSuspicion } from '../order-of-suspicion.ts'
import { acknowledging, longestAlone } from '../suspects.ts'

/** The redelivered messages of a drain, which are held until they can be settled alone. */
export interface Isolation {
  readonly size: number
  /** Whether the message has to wait: it was redelivered, or is behind such a one in an ordered queue. */
  concerns(message: IncomingMessage): boolean
  hold(message: IncomingMessage): void
  /** Whether the queue may be consumed: an ordered one waits for its messages that are held. */
  mayConsume(queue: string): boolean
  /**
   * Settles the held messages one after another, until the signal is aborted. The caller sees to it that
   * nothing else is in flight.
   */
  settleAll(
    settle: (message: IncomingMessage) => Promise<unknown>,
    over: AbortSignal,
  ): Promise<void>
  /** The messages that were not settled. */
  rest(): readonly IncomingMessage[]
}

/**
 * A message that kills the process takes everything in flight with it: each drain would die of it
 * before it settled anything, until the delivery limit set aside its neighbours, too. A drain that died
 * leaves redelivered messages behind. So these wait until all others are settled, and then go alone.
 */
export function createIsolation(): Isolation {
  const held: IncomingMessage[] = []
  const waitingQueues = new Set<string>()

  return {
    get size() {
      return held.length
    },
    concerns: (message) => deliveryCountOf(message) > 0 || waitingQueues.has(message.queue),
    hold(message) {
      held.push(message)
      if (message.wire === '2.0') waitingQueues.add(message.queue)
    },
    mayConsume: (queue) => !waitingQueues.has(queue),
    async settleAll(settle, over) {
      for (const message of inOrderOfSuspicion(held)) {
        if (over.aborted) return
        held.splice(held.indexOf(message), 1)
        // A message that takes this long waits for the bus or a store: it did not kill the process.
        await Promise.race([settle(message), pause(longestAlone, over)])
        await pause(acknowledging, over)
      }
      waitingQueues.clear()
    },
    rest: () => held,
  }
}
