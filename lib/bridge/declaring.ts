import type { Broker } from './broker.ts'
import type { Topology } from './topology.ts'

/**
 * Milliseconds for which what was declared is taken for granted, as long as the queue is there. It is
 * also how long a binding that somebody removed by hand may be missed by a process that runs.
 */
const lasting = 900_000

/**
 * Makes sure that a tenant's queues and bindings are there.
 *
 * @returns messages that are ready in the tenant's queue
 * @throws EcosError `queue-differs`, `not-declared`
 */
export type Declare = (broker: Broker, topology: Topology) => Promise<number>

/**
 * Remembers what it declared, beyond a connection: a binding that is there already costs the broker
 * a transaction, and with a thousand tenants these take longer than a warm function's drain. What is
 * remembered is one cheap question, which also tells how much is waiting.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createDeclare(now: () => number = () => performance.now()): Declare {
  const declaredAt = new Map<string, number>()

  return async (broker, topology) => {
    const key = JSON.stringify([broker.address, topology])
    if (now() - (declaredAt.get(key) ?? Number.NEGATIVE_INFINITY) < lasting) {
      const ready = await broker.count(topology.queue)
      if (ready !== undefined) return ready
    }
    const ready = await broker.declare(topology)
    declaredAt.set(key, now())
    return ready
  }
}
