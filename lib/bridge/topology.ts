import { type EventType, eventTypes } from '../events/catalogue.ts'
import { targetKey } from '../records/events-2/keys.ts'
import type { Wire } from '../tenants/events-2.ts'
import { bridgeQueue, poolBypass, poolQueue } from '../tenants/names.ts'
import { ownPartition } from '../tenants/partition.ts'
import type { Tenant } from '../tenants/tenants-file.ts'

/**
 * A tenant's way at the broker from its exchange to the queue that the bridge consumes. A queue of the
 * tenant's own is bound to the exchange. To a pool, which several tenants share, the way leads over the
 * tenant's entrance.
 */
export interface Topology extends Queues {
  readonly tenant: string
  readonly wire: Wire
  /** ECOS's own exchange (topic, durable). */
  readonly exchange: string
  /**
   * The bridge's own exchange for the tenant (fanout, durable), which leads to the queue alone: a message
   * that is sent back goes through it, so that no other consumer of ECOS's exchange gets it again.
   */
  readonly entrance: string
  /**
   * The exchange of the pool (fanout, durable) if the tenant shares its queue, which is bound to it. Without it
   * the queue is the tenant's own.
   */
  readonly pool?: string
  /**
   * The queues of the pool's bypass, if the tenant shares the pool with others. Its exchange (fanout, durable) has
   * the queue's name, is the alternate exchange of the entrance, and has the pool's as its own: a message goes to
   * the first of the three that has a binding, and the bypass has one only while a tenant floods the pool.
   */
  readonly bypass?: Queues
  /** Routing keys to bind, and those to unbind because an earlier version may have bound them. */
  readonly bind: readonly string[]
  readonly unbind: readonly string[]
}

export interface Queues {
  /** Quorum queue that the bridge consumes. */
  readonly queue: string
  /** Quorum queue for messages that exceed the delivery limit, such as one that kills the bridge. */
  readonly deadLetterQueue: string
}

/**
 * Redeliveries before the broker dead-letters a message. A queue's arguments can't be changed: another
 * limit needs another queue.
 */
export const deliveryLimit = 20

/** One topology for each of the tenant's wires. */
export function topologiesOf(tenant: Tenant): Topology[] {
  const { events2 } = tenant
  if (events2 === undefined) return [topologyOf(tenant)]
  const second = events2Topology(tenant.id, events2.target)
  return events2.only ? [second] : [topologyOf(tenant), second]
}

/** The topology of events 1.0: a queue of the tenant's own, or the one of its pool. */
export function topologyOf(tenant: Tenant): Topology {
  const { id, cell, pool } = tenant
  if (pool === undefined) return ownTopologyOf(tenant)
  const queue = poolQueue(cell, pool)
  const topology = { ...ownTopologyOf(tenant), pool: queue, ...queuesOf(queue) }
  const isShared = pool !== ownPartition(id)
  return isShared ? { ...topology, bypass: queuesOf(poolBypass(cell, pool)) } : topology
}

/** The same with a queue of the tenant's own. */
export function ownTopologyOf(tenant: Tenant): Topology {
  const queue = bridgeQueue(tenant.id)
  const bind = tenant.events.filter((type) => !comesOverEvents2(tenant, type))
  return {
    tenant: tenant.id,
    wire: '1.0',
    exchange: `tenant.${tenant.id}.events`,
    entrance: queue,
    ...queuesOf(queue),
    bind,
    unbind: eventTypes.filter((type) => !bind.includes(type)),
  }
}

export function queuesOf(queue: string): Queues {
  return { queue, deadLetterQueue: `${queue}.dead-letter` }
}

/** The queues of the tenant's way and, for a shared pool, those of the bypass. */
export function queuesIn(topology: Topology): readonly [Queues, ...Queues[]] {
  const { bypass } = topology
  return bypass ? [topology, bypass] : [topology]
}

/** Types with different names in 1.0 and 2.0. In 1.0 these events have no id for deduplication. */
const successors: Partial<Record<EventType, EventType>> = {
  'record.create': 'record-created',
  'record.update': 'record-changed',
}

/** During a change-over, a type that both wires announce comes from 2.0 only. */
function comesOverEvents2({ events2 }: Tenant, type: EventType): boolean {
  const successor = successors[type]
  return successor !== undefined && events2?.interests[successor] !== undefined
}

/** All tenants of an ECOS share this exchange: another ECOS needs its own virtual host. */
export function events2Topology(tenant: string, target: string): Topology {
  const queue = targetKey(target)
  return {
    tenant,
    wire: '2.0',
    exchange: 'ecos-events',
    entrance: queue,
    ...queuesOf(queue),
    bind: [queue],
    unbind: [],
  }
}

/**
 * Practically unlimited. Since RabbitMQ 4.0 a quorum queue without a limit drops a message after 20
 * returns; -1 (unlimited) is refused by older brokers.
 * Source: https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
const noDeliveryLimit = 1_000_000_000

export const deadLetterQueueArguments = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': noDeliveryLimit,
} as const

/**
 * At-least-once dead-lettering needs `reject-publish`, and quorum queues at both ends.
 * Source: https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering
 */
export function queueArguments(
  topology: Pick<Topology, 'deadLetterQueue' | 'wire'>,
): Record<string, string | number | boolean> {
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': topology.deadLetterQueue,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    // Events 2.0 keep their order: one consumer at a time, however many bridges run.
    ...(topology.wire === '2.0' && { 'x-single-active-consumer': true }),
  }
}
