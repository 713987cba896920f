import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery } from './message.ts'

/** How often a message comes back unsettled before it is suspected of what keeps happening. */
const suspiciousReturns = 3

/** Milliseconds in which what came back together arrives together. */
const gathering = 100

/** Milliseconds in which an acknowledgement leaves the process, before the next may kill it. */
const acknowledging = 20

/**
 * A message that kills the process takes all that is in flight with it, and the broker counts each
 * time for every one of them: its neighbours would reach the delivery limit with it. So what came
 * back several times is carried alone, one message after another in a random order: each new start
 * then settles about half of the innocent ones before it dies.
 *
 * @returns what to hand each delivery to
 */
export function createSuspects(
  carryOn: (delivery: Delivery) => Promise<void>,
): (delivery: Delivery) => Promise<void> {
  const waiting: (() => Promise<void>)[] = []
  let running = false

  return (delivery) => {
    if (returnsOf(delivery) < suspiciousReturns) return carryOn(delivery)
    return new Promise((resolve) => {
      waiting.push(() => carryOn(delivery).then(resolve))
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

/** Quorum queues count deliveries that came back: https://www.rabbitmq.com/docs/quorum-queues */
function returnsOf({ properties }: Delivery): number {
  const headers = properties['headers'] as Record<string, unknown> | undefined
  const count = headers?.['x-delivery-count']
  return typeof count === 'number' ? count : 0
}
