import type { Broker } from './broker.ts'
import type { Topology } from './topology.ts'

/**
 * Milliseconds for which a declaration is remembered while the queue exists. A binding that was
 * removed by hand is restored after this time at the latest.
 */
const rememberedFor = 900_000

/**
 * Declares a tenant's queues and bindings.
 *
 * @returns the number of ready messages
 * @throws EcosError `queue-differs`, `not-declared`
 */
export type Declare = (broker: Broker, topology: Topology) => Promise<number>

/**
 * Remembers declarations across connections: re-declaring an existing binding costs the broker a
 * transaction, and for a thousand tenants these take longer than a warm function's drain. A remembered
 * queue costs one passive declare, which also returns its depth.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createDeclare(now: () => number = () => performance.now()): Declare {
  const declaredAt = new Map<string, number>()

  return async (broker, topology) => {
    const key = JSON.stringify([broker.address, topology])
    if (now() - (declaredAt.get(key) ?? Number.NEGATIVE_INFINITY) < rememberedFor) {
      const ready = await broker.count(topology.queue)
      if (ready !== undefined) return ready
    }
    const ready = await broker.declare(topology)
    declaredAt.set(key, now())
    return ready
  }
}
