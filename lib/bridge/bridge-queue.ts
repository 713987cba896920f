import type { Wire } from '../tenants/events-2.ts'
import type { Origin } from './origin.ts'
import type { Queues, Topology } from './topology.ts'

/** A queue that the bridge consumes, and the tenants whose events come through it. */
export interface BridgeQueue {
  readonly name: string
  readonly deadLetterQueue: string
  readonly wire: Wire
  /** The tenant that has it to itself; undefined for a pool. */
  readonly owner?: string
  /** The pool whose queue, or bypass, it is. */
  readonly pool?: string
  /** The queue of the pool's bypass. */
  readonly bypass?: BridgeQueue
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
    const [{ deadLetterQueue, wire, pool, bypass, tenant }] = members as [Topology]
    const common = { name, deadLetterQueue, wire, topologies: members }
    const [only] = members as [Topology]
    if (pool === undefined) {
      return { ...common, owner: tenant, attribute: (delivered) => attributionOf(only, delivered) }
    }
    const main = { ...common, pool, attribute: attributePooled }
    return bypass === undefined ? main : { ...main, bypass: bypassOf(main, bypass) }
  })

  function attributePooled(delivered: Origin): Attribution {
    const topology = byExchange.get(delivered.exchange)
    return topology ? attributionOf(topology, delivered) : { tenant: noTenant, ...delivered }
  }
}

function bypassOf(pool: BridgeQueue, { queue, deadLetterQueue }: Queues): BridgeQueue {
  return { ...pool, name: queue, deadLetterQueue }
}

/** The queues with the bypasses of those that have one. */
export function withBypasses(queues: readonly BridgeQueue[]): BridgeQueue[] {
  return queues.flatMap((queue) => (queue.bypass ? [queue, queue.bypass] : [queue]))
}

/** A message that was sent back came through the entrance: its origin is restored. */
function attributionOf(topology: Topology, delivered: Origin): Attribution {
  const { tenant, entrance, exchange, queue } = topology
  const { routingKey } = delivered
  if (delivered.exchange !== entrance) {
    return { tenant, entrance, exchange: delivered.exchange, routingKey }
  }
  const origin = routingKey === '' ? { exchange: '', routingKey: queue } : { exchange, routingKey }
  return { tenant, entrance, ...origin }
}

/** What logs and metrics call the queue: its tenant, or the pool, which counts with its bypass. */
export function labelOf({ owner, pool, name }: BridgeQueue): string {
  return owner ?? pool ?? name
}
