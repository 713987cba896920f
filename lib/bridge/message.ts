import type { Wire } from '../tenants/events-2.ts'

/** A message out of a queue, before anybody looked into it. */
export interface QueuedMessage {
  /** Decided by the queue that the message came from, never by its body. */
  readonly tenant: string
  /** Decided by the queue, too; where it is absent, 1.0. */
  readonly wire?: Wire
  readonly queue: string
  /** Absent, as the routing key is, where the source does not tell: Lambda's, for Amazon MQ. */
  readonly exchange?: string
  readonly routingKey?: string
  /** The AMQP properties, headers included, as JSON can hold them. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly redelivered: boolean
  readonly body: Uint8Array
}

/** A message as the broker delivered it. */
export interface BrokerMessage extends QueuedMessage {
  readonly exchange: string
  readonly routingKey: string
}

/** A message that the broker waits to hear of. One that is never settled goes back to its queue. */
export interface Delivery extends BrokerMessage {
  /** Tells the broker that the message is safe elsewhere. */
  acknowledge(): void
  /** Has the broker move the message to the dead-letter queue of its queue. */
  deadLetter(): void
}
