import { type PartitionOf, partitionsOf } from '../../tenants/partition.ts'
import type { CellTenants } from '../../tenants/published.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { pause } from '../../waiting.ts'
import { type BridgeQueue, bridgeQueues } from '../bridge-queue.ts'
import { type Topology, topologiesOf } from '../topology.ts'

/** Milliseconds between two looks at the tenants. */
const lookEvery = 1_000

/** Serves a queue until the signal is aborted. */
export type ServeQueue = (service: Service, end: AbortSignal) => Promise<void>

/** A queue to be consumed. */
export interface Service {
  readonly queue: BridgeQueue
  /** Whether the tenant was removed: what it has left is drained. */
  isLeaving(topology: Topology): boolean
}

/**
 * Serves the queues of the tenants as these come, change and go, until `over` is aborted. A queue has one
 * service at a time: the next waits until the one before has ended.
 */
export async function followQueues(
  tenants: () => CellTenants,
  over: AbortSignal,
  serve: ServeQueue,
): Promise<void> {
  const running = new Map<string, { key: string; end: AbortController }>()
  /** By queue: the end of its service. */
  const ends = new Map<string, Promise<void>>()
  let known: CellTenants | undefined

  while (!over.aborted) {
    const now = tenants()
    if (now !== known) adjust(servicesOf(now))
    known = now
    await pause(lookEvery, over)
  }
  await Promise.all(ends.values())

  function adjust(wanted: ReadonlyMap<string, Service>): void {
    for (const [queue, { key, end }] of running) {
      const service = wanted.get(queue)
      if (service !== undefined && keyOf(service) === key) continue
      end.abort()
      running.delete(queue)
    }
    for (const [queue, service] of wanted) {
      if (!running.has(queue)) start(queue, service)
    }
  }

  function start(queue: string, service: Service): void {
    const end = new AbortController()
    const signal = AbortSignal.any([over, end.signal])
    const before = ends.get(queue) ?? Promise.resolve()
    running.set(queue, { key: keyOf(service), end })
    ends.set(
      queue,
      before.then(() => serve(service, signal)),
    )
  }
}

/** By queue. */
function servicesOf(now: CellTenants): Map<string, Service> {
  const left = new Set(now.leaving.map(({ id }) => id))
  for (const { id } of now.tenants) left.delete(id)
  const isLeaving = ({ tenant }: Topology) => left.has(tenant)
  return new Map(queuesNow(now).map((queue) => [queue.name, { queue, isLeaving }]))
}

/** The queues of all tenants, with those that leave. */
export function queuesNow({ tenants, leaving, moved = [] }: CellTenants): BridgeQueue[] {
  const topologies = [...leaving, ...tenants].flatMap(topologiesOf)
  // A tenant that is there again has its queue as it is now.
  const ways = new Map(topologies.map((each) => [JSON.stringify([each.tenant, each.queue]), each]))
  return bridgeQueues([...ways.values()], moved.flatMap(topologiesOf))
}

/** A new version of the tenants leaves alone the queues that it does not change. */
function keyOf({ queue, isLeaving }: Service): string {
  return JSON.stringify(queue.topologies.map((topology) => [topology, isLeaving(topology)]))
}

/** Tenants that neither come nor go. */
export function fixedTenants(tenants: readonly Tenant[]): () => CellTenants {
  const now = { tenants, leaving: [] }
  return () => now
}

/** What follows from the tenants: made anew only when they have changed. */
export function followed<Result>(
  tenants: () => CellTenants,
  make: (tenants: CellTenants) => Result,
): () => Result {
  let made: { readonly of: CellTenants; readonly result: Result } | undefined
  return () => {
    const now = tenants()
    if (made?.of !== now) made = { of: now, result: make(now) }
    return made.result
  }
}

/** @param partitions how many the cell has */
export function followPartitions(tenants: () => CellTenants, partitions: number): PartitionOf {
  const current = followed(tenants, (now) => {
    return partitionsOf([...now.tenants, ...now.leaving, ...(now.moved ?? [])], partitions)
  })
  return (tenant, type) => current()(tenant, type)
}
