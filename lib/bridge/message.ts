import type { Wire } from '../tenants/events-2.ts'

/** A message from a queue, unread. */
export interface QueuedMessage {
  /**
   * Decided by the queue that the message came from or, in a pool, by the exchange that the broker names;
   * never by its headers or body. `noTenant` if the exchange is no tenant's.
   */
  readonly tenant: string
  /** Decided by the queue as well (default 1.0). */
  readonly wire?: Wire
  readonly queue: string
  /** The exchange through which it may be sent back (default: the one named like the queue). */
  readonly entrance?: string | undefined
  /** Absent, like the routing key, in messages from Lambda's Amazon MQ source. */
  readonly exchange?: string
  readonly routingKey?: string
  /** The AMQP properties with the headers. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly redelivered: boolean
  readonly body: Uint8Array
}

/** A message as the broker delivered it. */
export interface BrokerMessage extends QueuedMessage {
  readonly exchange: string
  readonly routingKey: string
}

/** An unsettled message. If it is never settled, it returns to its queue. */
export interface IncomingMessage extends BrokerMessage {
  /** The message is stored elsewhere; the broker may delete it. */
  acknowledge(): void
  /** The broker moves the message to its dead-letter queue. */
  deadLetter(): void
  /** The broker puts the message back into its queue, one delivery nearer to its limit. */
  requeue(): void
}
