import { setTimeout as sleep } from 'node:timers/promises'
import type { QueuedMessage } from './message.ts'
import { deliveryCountOf, inOrderOfSuspicion, type Suspect } from './order-of-suspicion.ts'

/** Redeliveries after which a message is suspected of killing the process. */
const suspiciousReturns = 3

/** Milliseconds to wait for suspects that were returned together. */
const gathering = 100

/** Milliseconds for an acknowledgement to leave the process before the next suspect may kill it. */
export const acknowledging = 60

/** Milliseconds after which a suspect has not killed the process: it waits for the bus or a store. */
export const longestAlone = 5_000

/** Whether the message was redelivered so often that it may be what kills the process. */
export function isSuspect(message: Pick<QueuedMessage, 'properties' | 'redelivered'>): boolean {
  return deliveryCountOf(message) >= suspiciousReturns
}

/**
 * A message that kills the process takes everything in flight with it, and the broker counts a delivery
 * for each: its neighbours would reach the delivery limit as well. So messages that were returned several
 * times are settled alone, those last at which a process has ended.
 *
 * @param order in which they are settled
 * @returns a function that takes each message
 */
export function createSuspects<Message extends Suspect, Result>(
  settle: (message: Message) => Promise<Result>,
  order: (messages: readonly Message[]) => Message[] = inOrderOfSuspicion,
): (message: Message) => Promise<Result> {
  const waiting = new Map<Message, () => Promise<Result>>()
  /** Those that are not settled yet, in any round. */
  const held = new Set<Message>()
  let running = false

  return (message) => {
    if (!isSuspect(message) && !isBehindSuspect(message)) return settle(message)
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    held.add(message)
    waiting.set(message, () => {
      held.delete(message)
      settle(message).then(resolve, reject)
      return promise
    })
    void run()
    return promise
  }

  /** A message of an ordered queue does not overtake the suspects before it. */
  function isBehindSuspect({ wire, queue }: Message): boolean {
    return wire === '2.0' && [...held].some((other) => other.queue === queue)
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    await sleep(gathering)
    while (waiting.size > 0) {
      const gathered = new Map(waiting)
      waiting.clear()
      for (const message of order([...gathered.keys()])) {
        const settled = gathered.get(message)?.()
        if (!isSuspect(message)) continue
        // A suspect that waits for the bus or a store must not hold up the others.
        const over = Promise.allSettled([settled])
        await Promise.race([over, sleep(longestAlone, undefined, { ref: false })])
        await sleep(acknowledging)
      }
    }
    running = false
  }
}
