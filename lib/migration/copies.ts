import { createHash } from 'node:crypto'
import type { BrokerMessage } from '../bridge/message.ts'
import { decodeEvent } from '../events/event.ts'
import { eventId } from '../events/event-id.ts'

/**
 * Two copies of a message share this key: event type and event id. An unreadable message has no
 * event id, so its copies are the messages with the same routing key and the same body.
 *
 * @returns 44 characters whatever the id's length, which bounds the memory that a set of keys takes
 */
export function copyKey({ tenant, routingKey, body }: BrokerMessage): string {
  const decoded = decodeEvent(tenant, routingKey, body)
  const identity =
    decoded.outcome === 'event'
      ? ['event', decoded.event.type, decoded.event.id]
      : ['unreadable', routingKey, eventId(tenant, routingKey, undefined, body)]
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64')
}

/** A bounded set of keys that were seen. When it is full, the oldest key is forgotten. */
export interface RecentKeys {
  add(key: string): void
  has(key: string): boolean
}

export function recentKeys(capacity: number): RecentKeys {
  const keys = new Set<string>()
  return {
    has: (key) => keys.has(key),
    add(key) {
      // A Set iterates in insertion order: deleting first makes a repeated key the newest.
      keys.delete(key)
      keys.add(key)
      const [oldest] = keys
      if (keys.size > capacity && oldest !== undefined) keys.delete(oldest)
    },
  }
}
