import { eventTypes } from '../events/catalogue.ts'
import { bridgeQueue } from '../tenants/names.ts'
import type { Tenant } from '../tenants/tenants-file.ts'

/** What the bridge needs at the broker for one tenant. */
export interface Topology {
  readonly tenant: string
  /** ECOS's own exchange (topic, durable). */
  readonly exchange: string
  /** Quorum queue that the bridge consumes. */
  readonly queue: string
  /** Quorum queue for what used up the delivery limit: a message that kills the bridge. */
  readonly deadLetterQueue: string
  /** The routing keys to bind, and those to unbind: what may have been bound before. */
  readonly bind: readonly string[]
  readonly unbind: readonly string[]
}

/**
 * How often the broker delivers a message that comes back unsettled before it sets the message
 * aside. The arguments of a queue can't be changed later: another number needs another queue.
 */
export const deliveryLimit = 20

export function topologyOf(tenant: Tenant): Topology {
  const queue = bridgeQueue(tenant.id)
  return {
    tenant: tenant.id,
    exchange: `tenant.${tenant.id}.events`,
    queue,
    deadLetterQueue: `${queue}.dead-letter`,
    bind: tenant.events,
    unbind: eventTypes.filter((type) => !tenant.events.includes(type)),
  }
}

export const deadLetterQueueArguments = { 'x-queue-type': 'quorum' } as const

/**
 * Dead-lettering at least once needs `reject-publish` and a quorum queue on both ends.
 * Source: https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering
 */
export function queueArguments(topology: Topology): Record<string, string | number> {
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': topology.deadLetterQueue,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  }
}
