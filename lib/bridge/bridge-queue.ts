import type { Wire } from '../tenants/events-2.ts'
import type { Origin } from './origin.ts'
import type { Topology } from './topology.ts'

/** A queue that the bridge consumes, and the tenants whose events come through it. */
export interface BridgeQueue {
  readonly name: string
  readonly deadLetterQueue: string
  readonly wire: Wire
  /** The tenant that has it to itself; undefined for a pool. */
  readonly owner?: string
  /** The ways of its tenants. */
  readonly topologies: readonly Topology[]
  /** Decides whose a delivery is. */
  attribute(delivered: Origin): Attribution
}

/** Whose a message is, and where it was first published. */
export interface Attribution extends Origin {
  readonly tenant: string
  /** The exchange through which it may be sent back; absent if it is no tenant's. */
  readonly entrance?: string
}

/** Stands for the tenant of a message that is no tenant's. No tenant has this id. */
export const noTenant = '-'

/**
 * The queues of these topologies. A queue of one tenant holds that tenant's messages. In a pool, the exchange
 * that the broker names in the delivery decides, and never what the publisher wrote: headers or body. The
 * tenants of all pools are known in each: a tenant that moves may leave messages in the former.
 *
 * @param moved the topologies of tenants that have moved to another cell: their ways are not declared here, and what
 *   comes through a pool is still theirs
 */
export function bridgeQueues(
  topologies: readonly Topology[],
  moved: readonly Topology[] = [],
): BridgeQueue[] {
  const pooled = [...moved, ...topologies].filter(({ pool }) => pool !== undefined)
  const byExchange = new Map(
    pooled.flatMap((topology) => [
      [topology.exchange, topology],
      [topology.entrance, topology],
    ]),
  )
  const groups = Map.groupBy(topologies, ({ queue }) => queue)
  return [...groups].map(([name, members]) => {
    const [{ deadLetterQueue, wire, pool, tenant }] = members as [Topology]
    const common = { name, deadLetterQueue, wire, topologies: members }
    const [only] = members as [Topology]
    return pool === undefined
      ? { ...common, owner: tenant, attribute: (delivered) => attributionOf(only, delivered) }
      : {
          ...common,
          attribute(delivered) {
            const topology = byExchange.get(delivered.exchange)
            return topology
              ? attributionOf(topology, delivered)
              : { tenant: noTenant, ...delivered }
          },
        }
  })
}

/** A message that was sent back came through the entrance: its origin is restored. */
function attributionOf(topology: Topology, delivered: Origin): Attribution {
  const { tenant, entrance, exchange, queue } = topology
  if (delivered.exchange !== entrance) return { tenant, entrance, ...delivered }
  const { routingKey } = delivered
  const origin = routingKey === '' ? { exchange: '', routingKey: queue } : { exchange, routingKey }
  return { tenant, entrance, ...origin }
}

/** What logs and metrics call the queue: its tenant, or the pool. */
export function labelOf({ owner, name }: BridgeQueue): string {
  return owner ?? name
}
