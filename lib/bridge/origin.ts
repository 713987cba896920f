/** Where a message was first published. */
export interface Origin {
  readonly exchange: string
  readonly routingKey: string
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Headers of a message that was sent back to its queue: it goes through the default exchange, since
 * the tenant's exchange would copy it to every other bound queue.
 */
const exchangeHeader = 'x-ecos-exchange'
const routingKeyHeader = 'x-ecos-routing-key'

/** @returns the headers with the message's origin */
export function withOrigin(headers: Fields, { exchange, routingKey }: Origin): Fields {
  return { ...headers, [exchangeHeader]: exchange, [routingKeyHeader]: routingKey }
}

/** Reads the origin that was recorded when the message was sent back. Other exchanges are trusted as they are. */
export function originOf(published: Origin, headers: Fields = {}): Origin {
  const { [exchangeHeader]: exchange, [routingKeyHeader]: routingKey } = headers
  return published.exchange === '' && typeof exchange === 'string' && typeof routingKey === 'string'
    ? { exchange, routingKey }
    : published
}
