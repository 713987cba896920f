import { setTimeout as sleep } from 'node:timers/promises'
import type { QueuedMessage } from './message.ts'

/** Redeliveries after which a message is suspected of killing the process. */
const suspiciousReturns = 3

/** Milliseconds to wait for suspects that were returned together. */
const gathering = 100

/** Milliseconds for an acknowledgement to leave the process before the next suspect may kill it. */
const acknowledging = 20

/** Whether the message was redelivered so often that it may be what kills the process. */
export function isSuspect({ properties }: Pick<QueuedMessage, 'properties'>): boolean {
  // Quorum queues count unsettled deliveries: https://www.rabbitmq.com/docs/quorum-queues
  const headers = properties['headers'] as Record<string, unknown> | undefined
  const count = headers?.['x-delivery-count']
  return typeof count === 'number' && count >= suspiciousReturns
}

/**
 * A message that kills the process takes all that is in flight with it, and the broker counts each
 * time for every one of them: its neighbours would reach the delivery limit with it. So what came
 * back several times is carried alone, one message after another in a random order: each new start
 * then settles about half of the innocent ones before it dies.
 *
 * @returns what to hand each message to
 */
export function createSuspects<Message extends Pick<QueuedMessage, 'properties'>>(
  settleOne: (message: Message) => Promise<void>,
): (message: Message) => Promise<void> {
  const waiting: (() => Promise<void>)[] = []
  let running = false

  return (message) => {
    if (!isSuspect(message)) return settleOne(message)
    return new Promise((resolve) => {
      waiting.push(() => settleOne(message).then(resolve))
      void run()
    })
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    await sleep(gathering)
    while (waiting.length > 0) {
      const [next] = waiting.splice(Math.floor(Math.random() * waiting.length), 1)
      await next?.()
      await sleep(acknowledging)
    }
    running = false
  }
}
