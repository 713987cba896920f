import { createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { pause, whenAborted } from '../../waiting.ts'
import type { Broker } from '../broker.ts'
import type { Declare } from '../declaring.ts'
import type { IncomingMessage } from '../message.ts'
import { shareOf } from '../ordered.ts'
import type { Fate } from '../settle-message.ts'
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
  /** Resolves with the message's fate. */
  readonly settle: (message: IncomingMessage) => Promise<Fate>
  /**
   * Resolves when the bus and the stores answer, and messages may be taken. Queues are declared before,
   * so that events gather there.
   *
   * @param anew whether an answer of a moment ago does not count, because a store has failed since
   */
  readonly mayTake: (anew: boolean) => Promise<void>
  /** Called when a queue has been declared: from then on its events are kept. */
  readonly onDeclared: (topology: Topology) => void
  /** Called when the broker refuses to have a queue consumed. */
  readonly onRefused: (tenant: string) => void
  /** Aborted when no more messages may be taken. */
  readonly over: AbortSignal
  readonly status: WorkerStatus
  readonly log: Log
  /** When a refused queue may be consumed again (ms since 1970). Outlives the connection. */
  readonly refusedUntil: Map<string, number>
}

/** Milliseconds before a queue that can't be declared, or is gone, is tried again. */
const queueBackOff = { firstWait: 1_000, longestWait: 60_000 }

/** Milliseconds before a refused queue is tried again: a refusal costs other consumers their channel. */
const refusalWait = 300_000

/** Consumes the tenants' queues until the signal is aborted; a queue that fails does not stop the others. */
export async function consumeTenants(options: TenantConsumersOptions): Promise<void> {
  const { broker, tenants, prefetch, declare, settle, mayTake, onDeclared } = options
  const { onRefused, over, status, log, refusedUntil } = options
  const consumers = new Set<TenantConsumer>()
  const ended = whenAborted(over)
  const topologies = tenants.flatMap(topologiesOf)
  await Promise.all([...topologies.map(serve), reshare(consumers, prefetch, status, over)])

  async function serve(topology: Topology): Promise<void> {
    const name = nameOf(topology)
    const backOff = createBackOff(queueBackOff)
    let storeFailed = false
    await pause((refusedUntil.get(name) ?? 0) - Date.now(), over)
    while (!over.aborted) {
      try {
        await declare(broker, topology)
        onDeclared(topology)
        await mayTake(storeFailed)
        if (!over.aborted) await consumeUntilGone(topology)
      } catch (error) {
        storeFailed = error instanceof EcosError && error.code === 'store-unavailable'
        // A refusal costs the connection: it is told although it is over.
        const refused = error instanceof EcosError && error.code === 'consume-refused'
        if (over.aborted && !refused) return
        if (refused) {
          refusedUntil.set(name, Date.now() + refusalWait)
          onRefused(topology.tenant)
        }
        status.problems[name] = messageOf(error)
        log.error('A queue is not consumed', { tenant: topology.tenant, error: error as Error })
        await backOff.wait(over)
      }
    }
  }

  async function consumeUntilGone(topology: Topology): Promise<void> {
    const share = shareOf(topology, idleShare(prefetch, topologies.length))
    const consumer = await consumeTenant(broker, topology, share, settle, over)
    delete status.problems[nameOf(topology)]
    consumers.add(consumer)
    status.consuming = consumers.size
    try {
      await Promise.race([consumer.ended, ended])
    } finally {
      consumers.delete(consumer)
      status.consuming = consumers.size
    }
  }
}

/** The tenant's id; a second queue goes by its own name. */
function nameOf({ tenant, wire, queue }: Topology): string {
  return wire === '1.0' ? tenant : queue
}
