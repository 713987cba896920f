import pLimit from 'p-limit'
import { EcosError } from '../errors.ts'
import { poolBypass, poolQueue } from '../tenants/names.ts'
import { ownPartition, sharedPartition } from '../tenants/partition.ts'
import type { Tenant } from '../tenants/tenants-file.ts'
import { type BridgeQueue, bridgeQueues, withBypasses } from './bridge-queue.ts'
import { ownTopologyOf, queuesOf, type Topology, topologyOf } from './topology.ts'

/** Messages that were sent on, and those that are no tenant's and stay. */
export interface Moved {
  readonly moved: number
  readonly left: number
}

/** A connection to a broker, as a change-over uses it. */
export interface ChangeOverBroker {
  /**
   * From then on the tenant's new events go to its own queue alone.
   *
   * @param pools the queues of the pools that the tenant may have flooded
   */
  toOwn(own: Topology, pools: readonly string[]): Promise<void>
  /** From then on the tenant's new events go to its pool alone. */
  toPool(own: Topology, pooled: Topology, pools: readonly string[]): Promise<void>
  /** The number of ready messages; undefined if the queue does not exist. */
  count(queue: string): Promise<number | undefined>
  /** @throws EcosError `not-confirmed` */
  moveAll(queue: BridgeQueue): Promise<Moved>
}

export interface ChangeOverOptions {
  /** The cell's tenants, with the pools that they are to have. */
  readonly tenants: readonly Tenant[]
  /** The partitions that the cell has or had, whichever are more. */
  readonly partitions: number
  readonly onProgress: (done: number, total: number) => void
}

/** A queue that no tenant uses any more, what was moved out of it. */
export interface FormerQueue extends Moved {
  readonly queue: string
  readonly deadLetterQueue: string
}

/** Tenants whose ways are changed at once. */
const concurrency = 16

/**
 * Leads the events of every tenant to the queue that it is to have, and moves what waits in the former queues
 * after them. The bridges may run meanwhile. No event is lost, and none comes twice unless the command dies
 * between a message's new copy and the end of the old one.
 *
 * @returns the former queues that exist
 * @throws EcosError `queue-differs`, `not-declared` for a tenant; the others are changed over, and nothing is moved
 */
export async function changeOver(
  broker: ChangeOverBroker,
  { tenants, partitions, onProgress }: ChangeOverOptions,
): Promise<FormerQueue[]> {
  const limit = pLimit(concurrency)
  const served = tenants.filter(({ events2 }) => !events2?.only)
  let done = 0
  const changing = served.map((tenant) =>
    limit(async () => {
      const own = ownTopologyOf(tenant)
      const pools = sharedPools(tenant.cell, partitions)
      if (tenant.pool === undefined) await broker.toOwn(own, pools)
      else await broker.toPool(own, topologyOf(tenant), pools)
      done += 1
      onProgress(done, served.length)
    }),
  )
  throwFailures(await Promise.allSettled(changing))
  const former: FormerQueue[] = []
  for (const queue of formerQueues(served, partitions)) {
    if ((await broker.count(queue.name)) === undefined) continue
    const { name, deadLetterQueue } = queue
    former.push({ queue: name, deadLetterQueue, ...(await broker.moveAll(queue)) })
  }
  return former
}

function throwFailures(results: readonly PromiseSettledResult<void>[]): void {
  const [first, ...others] = results.filter(({ status }) => status === 'rejected')
  if (first?.status !== 'rejected') return
  const { reason } = first
  if (!(reason instanceof EcosError) || others.length === 0) throw reason
  const problem = `${reason.message}. ${others.length} more tenants could not be changed over`
  throw new EcosError(reason.code, problem, { cause: reason, retryable: reason.retryable })
}

/** Every queue that the tenants may have had, without those that they have. */
export function formerQueues(tenants: readonly Tenant[], partitions: number): BridgeQueue[] {
  const queues = withBypasses(bridgeQueues(tenants.map(topologyOf)))
  const current = new Set(queues.map(({ name }) => name))
  const own = bridgeQueues(tenants.map(ownTopologyOf))
  const pools = [...new Set(tenants.map(({ cell }) => cell))].flatMap((cell) =>
    formerPools(tenants, cell, partitions),
  )
  return [...own, ...pools].filter(({ name }) => !current.has(name))
}

/** In any pool, a tenant is known by its exchange. */
function formerPools(tenants: readonly Tenant[], cell: string, partitions: number): BridgeQueue[] {
  const members = tenants.filter((tenant) => tenant.cell === cell)
  const names = [
    ...sharedPools(cell, partitions),
    ...sharedPartitions(partitions).map((partition) => poolBypass(cell, partition)),
    ...members.map(({ id }) => poolQueue(cell, ownPartition(id))),
  ]
  const [template] = bridgeQueues(members.map((tenant) => topologyOf({ ...tenant, pool: 'any' })))
  if (template === undefined) return []
  return names.map((queue) => {
    const { deadLetterQueue } = queuesOf(queue)
    return { ...template, name: queue, deadLetterQueue }
  })
}

function sharedPools(cell: string, partitions: number): string[] {
  return sharedPartitions(partitions).map((partition) => poolQueue(cell, partition))
}

function sharedPartitions(partitions: number): string[] {
  return Array.from({ length: partitions }, (_, number) => sharedPartition(number))
}
