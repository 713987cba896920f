import { createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { CellTenants } from '../../tenants/published.ts'
import { pause, whenAborted } from '../../waiting.ts'
import type { Broker } from '../broker.ts'
import type { Declare } from '../declaring.ts'
import type { LetGo } from '../leaving.ts'
import type { IncomingMessage } from '../message.ts'
import { shareOf } from '../ordered.ts'
import type { Fate } from '../settle-message.ts'
import { type Topology, topologiesOf } from '../topology.ts'
import { followed, followTenants } from './follow-tenants.ts'
import { reshare } from './reshare.ts'
import { idleShare } from './shares.ts'
import type { WorkerStatus } from './status.ts'
import { consumeTenant, type TenantConsumer } from './tenant-consumer.ts'

export interface TenantConsumersOptions {
  readonly broker: Broker
  /** The tenants at this moment. */
  readonly tenants: () => CellTenants
  /** Messages that may be out at once, over all tenants. */
  readonly prefetch: number
  readonly declare: Declare
  readonly letGo: LetGo
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

/** Milliseconds between two looks at the queue of a leaving tenant: while it is drained, and afterwards. */
const drainingLook = 1_000
const leavingLook = 60_000

/**
 * Consumes the tenants' queues until the signal is aborted, as the tenants come and go; a queue that fails
 * does not stop the others.
 */
export async function consumeTenants(options: TenantConsumersOptions): Promise<void> {
  const { broker, prefetch, declare, letGo, settle, mayTake, onDeclared } = options
  const { onRefused, over, status, log, refusedUntil } = options
  const consumers = new Set<TenantConsumer>()
  const countQueues = followed(options.tenants, ({ tenants, leaving }) => {
    return [...tenants, ...leaving].flatMap(topologiesOf).length
  })
  await Promise.all([
    followTenants(options.tenants, over, serve),
    reshare(consumers, prefetch, status, over),
  ])

  /** Tries again after each failure, until the end. */
  async function serve(topology: Topology, isLeaving: boolean, end: AbortSignal): Promise<void> {
    const name = nameOf(topology)
    const backOff = createBackOff(queueBackOff)
    let storeFailed = false
    await pause((refusedUntil.get(name) ?? 0) - Date.now(), end)
    while (!end.aborted) {
      try {
        if (isLeaving) await release(topology, storeFailed, end)
        else await take(topology, storeFailed, end)
      } catch (error) {
        storeFailed = error instanceof EcosError && error.code === 'store-unavailable'
        // A refusal costs the connection: it is told although it is over.
        const refused = error instanceof EcosError && error.code === 'consume-refused'
        if (end.aborted && !refused) break
        if (refused) {
          refusedUntil.set(name, Date.now() + refusalWait)
          onRefused(topology.tenant)
        }
        status.problems[name] = messageOf(error)
        log.error('A queue is not consumed', { tenant: topology.tenant, error: error as Error })
        await backOff.wait(end)
      }
    }
    // What was wrong with the queue of a tenant that is gone is no problem of the worker's.
    if (!over.aborted) delete status.problems[name]
  }

  async function take(topology: Topology, storeFailed: boolean, end: AbortSignal): Promise<void> {
    await declare(broker, topology)
    onDeclared(topology)
    await mayTake(storeFailed)
    if (end.aborted) return
    await consume(topology, (consumer) => Promise.race([consumer.ended, whenAborted(end)]))
  }

  /** Drains what is left in a removed tenant's queue, and looks at it now and then. */
  async function release(topology: Topology, storeFailed: boolean, end: AbortSignal) {
    const ready = await letGo(broker, topology)
    if (!ready) return pause(leavingLook, end)
    await mayTake(storeFailed)
    if (end.aborted) return
    await consume(topology, (consumer) => {
      return Promise.race([consumer.ended, untilDrained(topology, consumer, end)])
    })
  }

  async function untilDrained(topology: Topology, consumer: TenantConsumer, end: AbortSignal) {
    while (!end.aborted) {
      await pause(drainingLook, end)
      if (consumer.isIdle() && (await broker.count(topology.queue)) === 0) return
    }
  }

  /** Consumes the queue until the work is done. */
  async function consume(
    topology: Topology,
    work: (consumer: TenantConsumer) => Promise<unknown>,
  ): Promise<void> {
    const share = shareOf(topology, idleShare(prefetch, countQueues()))
    const consumer = await consumeTenant(broker, topology, share, settle, over)
    delete status.problems[nameOf(topology)]
    consumers.add(consumer)
    status.consuming = consumers.size
    try {
      await work(consumer)
    } finally {
      consumers.delete(consumer)
      status.consuming = consumers.size
    }
    // At the end of the session all consumers are cancelled together.
    if (!over.aborted) await consumer.cancel()
  }
}

/** The tenant's id; a second queue goes by its own name. */
function nameOf({ tenant, wire, queue }: Topology): string {
  return wire === '1.0' ? tenant : queue
}
