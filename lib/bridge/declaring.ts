import type { Broker } from './broker.ts'
import { queuesIn, type Topology } from './topology.ts'

/**
 * Milliseconds for which a declaration is remembered while the queue exists. A binding that was
 * removed by hand is restored after this time at the latest.
 */
const rememberedFor = 900_000

/** Fractions of this are spread evenly, however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2

/**
 * Declares a tenant's queues and bindings.
 *
 * @returns the number of ready messages
 * @throws EcosError `queue-differs`, `not-declared`
 */
export type Declare = (broker: Broker, topology: Topology) => Promise<number>

/** What was last done with each tenant's way to a queue: `declare` and `letGo` share it, so that each undoes the other. */
export type QueueMemory = Map<
  string,
  | { readonly as: 'declared'; readonly topology: string; readonly at: number }
  | { readonly as: 'unbound' | 'drained' }
>

/** The key of a tenant's way in the memory. */
export function memoryKey({ address }: Broker, { tenant, queue }: Topology): string {
  return JSON.stringify([address, tenant, queue])
}

/**
 * Remembers declarations across connections: re-declaring an existing binding costs the broker a
 * transaction, and for a thousand tenants these take longer than a warm function's drain. A remembered
 * queue costs one passive declare, which also returns its depth. First declarations, which come all at once,
 * are remembered for different times, so that later drains renew a few each.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createDeclare(
  now: () => number = () => performance.now(),
  memory: QueueMemory = new Map(),
): Declare {
  /** Counts under way: the tenants of a pool share one. */
  const counting = new Map<string, Promise<number | undefined>>()
  let firsts = 0

  return async (broker, topology) => {
    const key = memoryKey(broker, topology)
    const last = memory.get(key)
    const same = last?.as === 'declared' && last.topology === JSON.stringify(topology)
    if (same && now() - last.at < rememberedFor) {
      const counting = queuesIn(topology).map(({ queue }) => count(broker, queue))
      const counts = await Promise.all(counting)
      const [ready] = counts
      if (ready !== undefined && counts.every((each) => each !== undefined)) return ready
    }
    const ready = await broker.declare(topology)
    const age = last?.as === 'declared' ? 0 : ((firsts++ * goldenRatio) % 1) * rememberedFor
    memory.set(key, { as: 'declared', topology: JSON.stringify(topology), at: now() - age })
    return ready
  }

  function count(broker: Broker, queue: string): Promise<number | undefined> {
    const key = JSON.stringify([broker.address, queue])
    const known = counting.get(key)
    if (known) return known
    const counted = broker.count(queue).finally(() => counting.delete(key))
    counting.set(key, counted)
    return counted
  }
}
