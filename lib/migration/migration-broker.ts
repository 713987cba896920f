import type { BrokerMessage } from '../bridge/message.ts'
import type { Topology } from '../bridge/topology.ts'

export interface QueueCounts {
  /** Ready messages. Deliveries that a consumer has not settled are not counted. */
  readonly messages: number
  readonly consumers: number
}

/** A message to move. Unless it is acknowledged, it returns to its queue. */
export interface MovableMessage extends BrokerMessage {
  acknowledge(): void
}

export interface ConsumeOptions {
  readonly tenant: string
  readonly queue: string
  /** Refuse any other consumer of the queue meanwhile. */
  readonly exclusive: boolean
  /** Unacknowledged messages at a time. */
  readonly prefetch: number
}

export interface WitnessOptions {
  readonly tenant: string
  /** The tenant's exchange. */
  readonly exchange: string
  /** The queue that receives the same messages as the witness. */
  readonly target: string
  readonly routingKeys: readonly string[]
  /** The exchange between the tenant's exchange and both queues. */
  readonly via: string
}

/**
 * A temporary queue beside the target. From one moment on both receive exactly the same messages of
 * the tenant's exchange, since both are bound to an exchange that one binding connects to it. A target
 * with a binding of its own still receives each message once.
 */
export interface Witness {
  /** Deletes that exchange. Resolves once the witness has seen every message routed to it. */
  end(): Promise<void>
}

/**
 * A connection to a broker, as a migration uses it. A refused call rejects with an EcosError
 * `broker-refused` unless stated otherwise.
 */
export interface MigrationBroker {
  /** @returns undefined when there is no such queue */
  countQueue(queue: string): Promise<QueueCounts | undefined>
  hasExchange(exchange: string): Promise<boolean>
  /** Declares the bridge's queues and bindings; existing ones are left unchanged. */
  declare(topology: Topology): Promise<void>
  declareRetryExchange(exchange: string): Promise<void>
  bind(queue: string, exchange: string, routingKey: string): Promise<void>
  /** Removing an absent binding succeeds. */
  unbind(queue: string, exchange: string, routingKey: string): Promise<void>
  /** Declares an exchange that routes every message to this queue alone and keeps its routing key. */
  openPassage(passage: string, queue: string): Promise<void>
  /** Deletes one of the migration's own exchanges, if it exists. */
  removeExchange(exchange: string): Promise<void>
  /** @throws EcosError `queue-in-use` when `exclusive` is refused */
  consume(options: ConsumeOptions, onMessage: (message: MovableMessage) => void): Promise<void>
  /** Cancels the consumers; unacknowledged messages can still be acknowledged. */
  stopConsuming(): Promise<void>
  /**
   * Publishes a copy. Resolves when the broker has confirmed that it is in a queue.
   *
   * @throws EcosError `not-confirmed`
   */
  publish(exchange: string, message: BrokerMessage): Promise<void>
  witness(options: WitnessOptions, onMessage: (message: BrokerMessage) => void): Promise<Witness>
  /** @throws EcosError `broker-refused` if the queue has messages or consumers */
  deleteQueue(queue: string): Promise<void>
  /** @returns false if a queue is still bound to it, which keeps it */
  deleteExchange(exchange: string): Promise<boolean>
  close(): Promise<void>
  /** Aborted, with the reason, when the connection is lost. */
  readonly lost: AbortSignal
}
