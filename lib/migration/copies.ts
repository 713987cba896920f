import { createHash } from 'node:crypto'
import type { BrokerMessage } from '../bridge/message.ts'
import { decodeEvent } from '../events/event.ts'
import { eventId } from '../events/event-id.ts'

/**
 * What two copies of a message have in common: type and event id. A message that can't be read has
 * no event id of its own: its copies are those with the same routing key and the very same body.
 *
 * @returns 44 characters whatever the id's length, so that the memory for a number of keys is bounded
 */
export function copyKey({ tenant, routingKey, body }: BrokerMessage): string {
  const decoded = decodeEvent(tenant, routingKey, body)
  const identity =
    decoded.outcome === 'event'
      ? ['event', decoded.event.type, decoded.event.id]
      : ['unreadable', routingKey, eventId(tenant, routingKey, undefined, body)]
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64')
}

/** Keys that were seen, at most so many: the oldest is forgotten first. */
export interface RecentKeys {
  add(key: string): void
  has(key: string): boolean
}

export function recentKeys(most: number): RecentKeys {
  const keys = new Set<string>()
  return {
    has: (key) => keys.has(key),
    add(key) {
      // A set keeps the order of insertion: one that is seen again becomes the newest.
      keys.delete(key)
      keys.add(key)
      const [oldest] = keys
      if (keys.size > most && oldest !== undefined) keys.delete(oldest)
    },
  }
}
