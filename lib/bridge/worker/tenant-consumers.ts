import { createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { pause, whenAborted } from '../../waiting.ts'
import type { Broker } from '../broker.ts'
import type { Declare } from '../declaring.ts'
import type { IncomingMessage } from '../message.ts'
import { shareOf } from '../ordered.ts'
import { type Topology, topologiesOf } from '../topology.ts'
import { reshare } from './reshare.ts'
import { idleShare } from './shares.ts'
import type { WorkerStatus } from './status.ts'
import { consumeTenant, type TenantConsumer } from './tenant-consumer.ts'

export interface TenantConsumersOptions {
  readonly broker: Broker
  readonly tenants: readonly Tenant[]
  /** Messages that may be out at once, over all tenants. */
  readonly prefetch: number
  readonly declare: Declare
  /** Resolves when the delivery is settled. */
  readonly onMessage: (message: IncomingMessage) => Promise<void>
  /** Resolves when messages may be taken; queues are declared before, so that they gather there. */
  readonly mayTake: Promise<void>
  /** Told whenever a queue has been declared: from then on what comes for it is kept. */
  readonly onDeclared: (topology: Topology) => void
  /** Aborted when no more may be taken. */
  readonly over: AbortSignal
  readonly status: WorkerStatus
  readonly log: Log
  /** When a queue whose consumer was refused may be tried again. Outlives the connection. */
  readonly refusedUntil: Map<string, number>
}

/** Milliseconds: a queue that can't be declared, or is gone. */
const queueBackOff = { firstWait: 1_000, longestWait: 60_000 }

/** Milliseconds: a refused consumer costs all the others their channel, so it is rarely tried again. */
const refusalWait = 300_000

/** Consumes every tenant's queue until it is over; a queue in the way does not stop the others. */
export async function consumeTenants(options: TenantConsumersOptions): Promise<void> {
  const { broker, tenants, prefetch, declare, onMessage, mayTake, onDeclared } = options
  const { over, status, log, refusedUntil } = options
  const consumers = new Set<TenantConsumer>()
  const ended = whenAborted(over)
  const topologies = tenants.flatMap(topologiesOf)
  await Promise.all([...topologies.map(serve), reshare(consumers, prefetch, status, over)])

  async function serve(topology: Topology): Promise<void> {
    const name = nameOf(topology)
    const backOff = createBackOff(queueBackOff)
    await pause((refusedUntil.get(name) ?? 0) - Date.now(), over)
    while (!over.aborted) {
      try {
        await declare(broker, topology)
        onDeclared(topology)
        await mayTake
        if (!over.aborted) await consumeUntilGone(topology)
      } catch (error) {
        if (error instanceof EcosError && error.code === 'consume-refused') {
          refusedUntil.set(name, Date.now() + refusalWait)
        }
        if (over.aborted) return
        status.problems[name] = messageOf(error)
        log.error('A queue is not consumed', { tenant: topology.tenant, error: error as Error })
        await backOff.wait(over)
      }
    }
  }

  async function consumeUntilGone(topology: Topology): Promise<void> {
    const share = shareOf(topology, idleShare(prefetch, topologies.length))
    const consumer = await consumeTenant(broker, topology, share, onMessage)
    delete status.problems[nameOf(topology)]
    consumers.add(consumer)
    status.consuming = consumers.size
    try {
      await Promise.race([consumer.gone, ended])
    } finally {
      consumers.delete(consumer)
      status.consuming = consumers.size
    }
  }
}

/** The tenant's, whose second queue has a name of its own. */
function nameOf({ tenant, wire, queue }: Topology): string {
  return wire === '1.0' ? tenant : queue
}
