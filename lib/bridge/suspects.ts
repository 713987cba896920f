import { setTimeout as sleep } from 'node:timers/promises'
import type { QueuedMessage } from './message.ts'

/** Redeliveries after which a message is suspected of killing the process. */
const suspiciousReturns = 3

/** Milliseconds to wait for suspects that were returned together. */
const gathering = 100

/** Milliseconds for an acknowledgement to leave the process before the next suspect may kill it. */
export const acknowledging = 60

/** Milliseconds after which a suspect has not killed the process: it waits for the bus or a store. */
export const longestAlone = 5_000

/** How often the message was delivered before. */
export function deliveryCountOf({
  properties,
  redelivered,
}: Pick<QueuedMessage, 'properties' | 'redelivered'>): number {
  // Quorum queues count unsettled deliveries: https://www.rabbitmq.com/docs/quorum-queues
  const headers = properties?.['headers'] as Record<string, unknown> | undefined
  const count = headers?.['x-delivery-count']
  return typeof count === 'number' ? count : Number(redelivered)
}

/** Whether the message was redelivered so often that it may be what kills the process. */
export function isSuspect(message: Pick<QueuedMessage, 'properties' | 'redelivered'>): boolean {
  return deliveryCountOf(message) >= suspiciousReturns
}

/**
 * A message that kills the process takes everything in flight with it, and the broker counts a delivery
 * for each: its neighbours would reach the delivery limit as well. So messages that were returned several
 * times are settled alone, in random order: each new process then settles about half of the innocent ones
 * before it dies.
 *
 * @returns a function that takes each message
 */
export function createSuspects<
  Message extends Pick<QueuedMessage, 'properties' | 'redelivered'>,
  Result,
>(settle: (message: Message) => Promise<Result>): (message: Message) => Promise<Result> {
  const waiting: (() => Promise<Result>)[] = []
  let running = false

  return (message) => {
    if (!isSuspect(message)) return settle(message)
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    waiting.push(() => {
      settle(message).then(resolve, reject)
      return promise
    })
    void run()
    return promise
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    await sleep(gathering)
    while (waiting.length > 0) {
      const [next] = waiting.splice(Math.floor(Math.random() * waiting.length), 1)
      // A suspect that waits for the bus or a store must not hold up the others.
      await Promise.race([next?.(), sleep(longestAlone, undefined, { ref: false })])
      await sleep(acknowledging)
    }
    running = false
  }
}
