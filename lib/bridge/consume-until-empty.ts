import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../errors.ts'
import type { Broker } from './broker.ts'
import { type Carriers, carry, type Fate } from './carry.ts'
import type { Delivery } from './message.ts'
import type { Topology } from './topology.ts'

export interface Consumption {
  readonly broker: Broker
  readonly carriers: Carriers
  /** Aborted when no new message may be taken any more. */
  readonly deadline: AbortSignal
  /** Messages that may be out at once, over all queues. */
  readonly prefetch: number
  readonly isEmpty: () => Promise<boolean>
  readonly onFate: (fate: Fate) => void
}

/** Milliseconds without a delivery after which the queues are asked whether they are empty. */
const quiet = 100

/**
 * Carries what is in the queues until they are empty, the deadline is near, the connection is lost,
 * or one of them can't be consumed. Then nothing is in flight any more.
 *
 * @returns what was wrong with the queues, a line for each
 */
export async function consumeUntilEmpty(
  queues: readonly Topology[],
  { broker, carriers, deadline, prefetch, isEmpty, onFate }: Consumption,
): Promise<string[]> {
  const problems: string[] = []
  const under = new Set<Promise<void>>()
  let deliveries = 0
  const firstDone = new AbortController()
  const gone = new AbortController()
  const over = AbortSignal.any([deadline, broker.lost, gone.signal])

  // A slow start: a bus that took the probe may fail the events themselves, and each message that
  // goes back is one delivery nearer to its queue's limit. One of each queue is enough to tell: while
  // the bus fails, the publisher is not done with it.
  await consumeAll(1)
  await untilEmpty(AbortSignal.any([over, firstDone.signal]))
  if (firstDone.signal.aborted && !over.aborted) {
    await stopConsuming()
    await consumeAll(Math.max(1, Math.floor(prefetch / queues.length)))
    await untilEmpty(over)
  }
  await stopConsuming()
  if (over.aborted) await carriers.publisher.stop()
  await Promise.all(under)
  return problems

  async function consumeAll(share: number): Promise<void> {
    for (const topology of queues) {
      const onGone = () => fail(`the queue ${topology.queue} is gone`)
      await broker
        .consume(topology, share, { onDelivery, onGone })
        .catch((error: unknown) => fail(messageOf(error)))
    }
  }

  function onDelivery(delivery: Delivery): void {
    deliveries += 1
    const carrying = carry(delivery, carriers).then((fate) => {
      onFate(fate)
      under.delete(carrying)
      firstDone.abort()
    })
    under.add(carrying)
  }

  function fail(problem: string): void {
    problems.push(problem)
    gone.abort()
  }

  async function untilEmpty(until: AbortSignal): Promise<void> {
    for (let seen = -1; !until.aborted; ) {
      if (under.size === 0 && seen === deliveries && (await isEmpty())) break
      seen = deliveries
      await sleep(quiet, undefined, { signal: until }).catch(() => undefined)
    }
  }

  /** Of a connection that is lost meanwhile `broker.lost` tells. */
  async function stopConsuming(): Promise<void> {
    if (!broker.lost.aborted) await broker.stopConsuming().catch(() => undefined)
  }
}
