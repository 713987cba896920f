import {
  type BridgeQueue,
  bridgeQueues,
  noTenant,
  withBypasses,
} from '../../lib/bridge/bridge-queue.ts'
import { formerQueues } from '../../lib/bridge/change-over.ts'
import { topologiesOf } from '../../lib/bridge/topology.ts'
import { poolQueue } from '../../lib/tenants/names.ts'
import { ownPartition } from '../../lib/tenants/partition.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'

/** Which dead letters are meant, as far as it says in which queues they can be. */
export interface Whereabouts {
  readonly tenant?: string | undefined
  /** The dead-letter queue. */
  readonly queue?: string | undefined
}

/**
 * The bridge's queues whose dead letters are meant: with those that the tenants may have had before a change-over,
 * whose dead letters stay. A tenant's are never in a queue that another one has to itself; what is no tenant's may be
 * in any.
 *
 * @param tenants those of the cell, in their pools
 */
export function queuesMeant(
  tenants: readonly Tenant[],
  partitions: number,
  { tenant, queue }: Whereabouts,
): BridgeQueue[] {
  const whose = tenant === noTenant ? undefined : tenant
  const others = tenants.filter(({ id }) => id !== (whose ?? id))
  const poolsOfOthers = new Set(others.map(({ id, cell }) => poolQueue(cell, ownPartition(id))))
  const all = [
    ...withBypasses(bridgeQueues(tenants.flatMap(topologiesOf))),
    ...formerQueues(tenants, partitions),
  ]
  return all.filter(
    ({ name, owner, deadLetterQueue }) =>
      (queue ?? deadLetterQueue) === deadLetterQueue &&
      (owner === undefined || (whose ?? owner) === owner) &&
      !poolsOfOthers.has(name),
  )
}
