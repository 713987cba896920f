import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause } from '../waiting.ts'
import type { BridgeQueue } from './bridge-queue.ts'
import type { Broker } from './broker.ts'
import type { IncomingMessage } from './message.ts'
import type { Topology } from './topology.ts'

/**
 * Watches what comes from the pools. Where a backlog waits in a pool, and a tenant's part of what comes makes it the
 * cause, the other tenants' new events take the pool's bypass until the backlog is worked off.
 *
 * Any number of bridges may watch a pool at once. What they know of it is in the broker's bindings alone: as long as
 * messages come from the bypass, it may be open.
 */
export interface FloodWatch {
  /** Call it for every message that the broker delivers. */
  note(message: Pick<IncomingMessage, 'queue' | 'tenant'>): void
  /** Messages came from, or wait in, the pool's bypass. */
  noteBypass(pool: BridgeQueue): void
  /** Closes the bypasses whose pools have had no backlog for so many looks. Never rejects. */
  look(): Promise<void>
}

/** Messages of a queue after which the tenants' parts are looked at. */
const sampleSize = 50

/**
 * The part of a sample that makes a tenant one that floods: so many even shares and, in a large pool, this part. If
 * the events of a few tenants are all there is, each floods, and all stay in the pool.
 */
const floodShares = 1.5
const floodPart = 0.25

/** Ready messages that make a backlog; less is worked off within half a second or so. */
export const leastBacklog = 500

/**
 * Milliseconds after which a bypass is opened again for a tenant that still floods: another bridge may have closed it,
 * or the broker refused it.
 */
const opensAgain = 10_000

/** Milliseconds between two looks of a worker. */
const lookEvery = 1_000

/** A queue's messages since the last look at the tenants' parts. */
interface Sample {
  size: number
  readonly byTenant: Map<string, number>
}

interface OpenBypass {
  /** Looks at which the pool had no backlog. */
  calm: number
  /** When that was last tried for each tenant that floods (ms of performance.now). */
  readonly triedFor: Map<string, number>
  readonly openedFor: Set<string>
}

/**
 * @param pools the pools that have a bypass, by the names of their queues and of those of the bypasses
 * @param calmLooks looks without a backlog after which a bypass is closed
 */
export function createFloodWatch(
  broker: Pick<Broker, 'count' | 'openBypass' | 'closeBypass'>,
  pools: () => ReadonlyMap<string, BridgeQueue>,
  log: Log,
  calmLooks = 1,
): FloodWatch {
  const samples = new Map<string, Sample>()
  const checking = new Set<string>()
  /** By the pool's name: bypasses that may be open. */
  const open = new Map<string, OpenBypass>()
  /** Pools of which was said that their backlog is worked off, while messages still come from their bypass. */
  const said = new Set<string>()

  return {
    note({ queue, tenant }) {
      const pool = pools().get(queue)
      if (pool === undefined || pool.topologies.length < 2) return
      if (queue !== pool.name) noteBypass(pool)
      const sample = samples.get(queue) ?? { size: 0, byTenant: new Map() }
      sample.size += 1
      sample.byTenant.set(tenant, (sample.byTenant.get(tenant) ?? 0) + 1)
      samples.set(queue, sample)
      if (sample.size < sampleSize) return
      samples.delete(queue)
      if (!checking.has(queue)) void check(pool, queue, sample)
    },
    noteBypass,
    async look() {
      for (const name of said) if (!open.has(name)) said.delete(name)
      await Promise.all([...open].map(([name, bypass]) => lookAt(pools().get(name), bypass)))
    },
  }

  function noteBypass({ name }: BridgeQueue): OpenBypass {
    const known = open.get(name) ?? { calm: 0, triedFor: new Map(), openedFor: new Set() }
    open.set(name, known)
    return known
  }

  /** Never rejects. */
  async function check(pool: BridgeQueue, queue: string, { byTenant }: Sample): Promise<void> {
    const least = sampleSize * Math.max(floodPart, floodShares / pool.topologies.length)
    const many = new Set([...byTenant].flatMap(([tenant, size]) => (size >= least ? [tenant] : [])))
    // A pool may have thousands of tenants: they are searched only where one of them has so many.
    if (many.size === 0) return
    const triedFor = open.get(pool.name)?.triedFor
    const flooding = pool.topologies.filter(({ tenant }) => {
      const triedAt = triedFor?.get(tenant) ?? Number.NEGATIVE_INFINITY
      return many.has(tenant) && performance.now() - triedAt > opensAgain
    })
    if (flooding.length === 0) return
    checking.add(queue)
    try {
      const waiting = (await broker.count(queue)) ?? 0
      if (waiting < leastBacklog) return
      for (const topology of flooding) await openFor(topology, pool, { queue, waiting })
    } catch (error) {
      log.warn('The messages of a pool could not be counted', { queue, problem: messageOf(error) })
    } finally {
      checking.delete(queue)
    }
  }

  /** Never rejects: a refusal concerns this tenant alone, and may leave the bypass open. */
  async function openFor(
    topology: Topology,
    pool: BridgeQueue,
    { queue, waiting }: { readonly queue: string; readonly waiting: number },
  ): Promise<void> {
    const { tenant } = topology
    noteBypass(pool).triedFor.set(tenant, performance.now())
    try {
      await broker.openBypass(topology)
      // It may have been closed meanwhile.
      const { openedFor } = noteBypass(pool)
      if (openedFor.has(tenant)) return
      openedFor.add(tenant)
      said.delete(pool.name)
      log.warn('A tenant floods its pool; the others bypass it', { tenant, queue, waiting })
    } catch (error) {
      const problem = messageOf(error)
      log.warn("A pool's bypass could not be opened", { tenant, queue, problem })
      noteBypass(pool)
    }
  }

  async function lookAt(pool: BridgeQueue | undefined, bypass: OpenBypass): Promise<void> {
    // Its tenants are gone, or have queues of their own.
    if (pool === undefined) return
    const { name: queue, topologies } = pool
    try {
      const waiting = (await broker.count(queue)) ?? 0
      bypass.calm = waiting < leastBacklog ? bypass.calm + 1 : 0
      if (bypass.calm < calmLooks) return
      open.delete(queue)
      await broker.closeBypass(topologies)
      if (said.has(queue)) return
      said.add(queue)
      log.info("A pool's backlog is worked off; its tenants share one queue again", { queue })
    } catch (error) {
      noteBypass(pool)
      log.warn("A pool's bypass could not be closed", { queue, problem: messageOf(error) })
    }
  }
}

/** Looks every second until the signal is aborted. */
export async function watchFloods(watch: FloodWatch, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await pause(lookEvery, over)
    if (!over.aborted) await watch.look()
  }
}

/** The pools that have a bypass, by the names of both queues. */
export function poolsByQueue(queues: readonly BridgeQueue[]): Map<string, BridgeQueue> {
  return new Map(
    queues.flatMap((pool) =>
      pool.bypass
        ? [
            [pool.name, pool],
            [pool.bypass.name, pool],
          ]
        : [],
    ),
  )
}
