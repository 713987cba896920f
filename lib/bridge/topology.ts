import { type EventType, eventTypes } from '../events/catalogue.ts'
import { targetKey } from '../records/events-2/keys.ts'
import type { Wire } from '../tenants/events-2.ts'
import { bridgeQueue } from '../tenants/names.ts'
import type { Tenant } from '../tenants/tenants-file.ts'

/** What the bridge needs at the broker for one tenant. */
export interface Topology {
  readonly tenant: string
  readonly wire: Wire
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

/** One for each wire that the tenant speaks. */
export function topologiesOf(tenant: Tenant): Topology[] {
  const { events2 } = tenant
  if (events2 === undefined) return [topologyOf(tenant)]
  const second = events2Topology(tenant.id, events2.target)
  return events2.only ? [second] : [topologyOf(tenant), second]
}

/** That of events 1.0. */
export function topologyOf(tenant: Tenant): Topology {
  const queue = bridgeQueue(tenant.id)
  const bind = tenant.events.filter((type) => !comesOverEvents2(tenant, type))
  return {
    tenant: tenant.id,
    wire: '1.0',
    exchange: `tenant.${tenant.id}.events`,
    queue,
    deadLetterQueue: `${queue}.dead-letter`,
    bind,
    unbind: eventTypes.filter((type) => !bind.includes(type)),
  }
}

/** The two names under which the wires announce the same. In 1.0 such an event has no id to know it by. */
const successors: Partial<Record<EventType, EventType>> = {
  'record.create': 'record-created',
  'record.update': 'record-changed',
}

/** During a change-over what both wires announce is taken from the later one, and so is there once. */
function comesOverEvents2({ events2 }: Tenant, type: EventType): boolean {
  const successor = successors[type]
  return successor !== undefined && events2?.interests[successor] !== undefined
}

/** The exchange has its name for all ECOS: whoever shares it must have a virtual host of its own. */
export function events2Topology(tenant: string, target: string): Topology {
  const queue = targetKey(target)
  return {
    tenant,
    wire: '2.0',
    exchange: 'ecos-events',
    queue,
    deadLetterQueue: `${queue}.dead-letter`,
    bind: [queue],
    unbind: [],
  }
}

/**
 * As good as no limit. From RabbitMQ 4.0 on a quorum queue that names none drops what was looked at and
 * put back 20 times; -1, which is none there, is refused by brokers before it.
 * Source: https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
const noDeliveryLimit = 1_000_000_000

export const deadLetterQueueArguments = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': noDeliveryLimit,
} as const

/**
 * Dead-lettering at least once needs `reject-publish` and a quorum queue on both ends.
 * Source: https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering
 */
export function queueArguments(topology: Topology): Record<string, string | number | boolean> {
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': topology.deadLetterQueue,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    // The order of events 2.0 is kept by one consumer, however many bridges there are.
    ...(topology.wire === '2.0' && { 'x-single-active-consumer': true }),
  }
}
