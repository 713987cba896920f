import type { BodyText } from '../events/body-text.ts'
import { decodeEvent, type EcosEvent } from '../events/event.ts'
import { noTenant } from './bridge-queue.ts'
import { decodeBody, isPlain } from './decode-body.ts'
import type { QueuedMessage } from './message.ts'

/** What reading a message's body found. */
export type Reading =
  | { readonly outcome: 'event'; readonly event: EcosEvent }
  | { readonly outcome: 'unasked' }
  | { readonly outcome: 'refused'; readonly reason: string; readonly explanation: string }

/** Reads a message. Never rejects. */
export type Read = (message: QueuedMessage) => Promise<Reading>

/**
 * Reads a message's event. Never rejects. A plain body is read at once: a promise for each message costs time.
 *
 * @param own the tenant's way of reading (default: as events 1.0)
 */
export function readMessage(message: QueuedMessage, own?: Read): Reading | Promise<Reading> {
  if (message.tenant === noTenant) return ofNoTenant(message)
  if (own) return own(message)
  const { body, properties } = message
  if (isPlain(properties)) return decode(message)
  const decoded = decodeBody(body, properties)
  return decoded instanceof Promise
    ? decoded.then((text) => decode(message, text))
    : decode(message, decoded)
}

function decode(message: QueuedMessage, text?: BodyText): Reading {
  return decodeEvent(message.tenant, routedType(message), message.body, text)
}

function ofNoTenant({ queue, exchange }: QueuedMessage): Reading {
  const explanation =
    exchange === undefined
      ? `no tenant of this cell in tenants.yml has the queue ${queue}`
      : `the exchange ${JSON.stringify(exchange)}, through which it came to the pool ${queue}, is that of no ` +
        'tenant of this cell in tenants.yml'
  return { outcome: 'refused', reason: 'unknown-tenant', explanation }
}

/** A message published to the default exchange has its queue's name as routing key. */
function routedType({ exchange, routingKey }: QueuedMessage): string | undefined {
  return exchange === '' ? undefined : routingKey
}
