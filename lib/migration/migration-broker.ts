import type { BrokerMessage } from '../bridge/message.ts'
import type { Topology } from '../bridge/topology.ts'

export interface QueueCounts {
  /** Messages that are ready; those that a consumer has and did not settle are not counted. */
  readonly messages: number
  readonly consumers: number
}

/** A message that is to be moved. One that is not acknowledged goes back to its queue. */
export interface MovableMessage extends BrokerMessage {
  acknowledge(): void
}

export interface ConsumeOptions {
  readonly tenant: string
  readonly queue: string
  /** Whether nobody else may consume the queue at the same time. */
  readonly exclusive: boolean
  /** How many messages may wait for their acknowledgement at once. */
  readonly prefetch: number
}

export interface WitnessOptions {
  readonly tenant: string
  /** The tenant's exchange. */
  readonly exchange: string
  /** The queue that gets what the witness sees. */
  readonly target: string
  readonly routingKeys: readonly string[]
  /** The name of the exchange between the tenant's and both queues. */
  readonly via: string
}

/**
 * From one moment on, the target gets what the tenant's exchange routes, and the witness sees all of
 * that and nothing else: both hang on an exchange that a single binding connects. A queue that is
 * bound itself as well still gets each message once.
 */
export interface Witness {
  /** Takes that exchange away; resolves when all that it was to see has been seen. */
  end(): Promise<void>
}

/**
 * A connection to a broker, as a migration uses it. Whatever the broker refuses is an EcosError
 * `broker-refused`, where nothing else is said.
 */
export interface MigrationBroker {
  /** @returns undefined when there is no such queue */
  countQueue(queue: string): Promise<QueueCounts | undefined>
  hasExchange(exchange: string): Promise<boolean>
  /** Declares the bridge's queues and bindings; what is there already stays as it is. */
  declare(topology: Topology): Promise<void>
  declareRetryExchange(exchange: string): Promise<void>
  bind(queue: string, exchange: string, routingKey: string): Promise<void>
  /** What is not bound stays so. */
  unbind(queue: string, exchange: string, routingKey: string): Promise<void>
  /** Declares an exchange that hands every message to this queue alone, its routing key unchanged. */
  openPassage(passage: string, queue: string): Promise<void>
  /** Deletes an exchange of the migration's own, where it is there. */
  removeExchange(exchange: string): Promise<void>
  /** @throws EcosError `queue-in-use` when `exclusive` can't be had */
  consume(options: ConsumeOptions, onMessage: (message: MovableMessage) => void): Promise<void>
  /** Ends the consumers; messages that are out can still be acknowledged. */
  stopConsuming(): Promise<void>
  /**
   * Publishes a copy, and resolves when the broker has confirmed that it is in a queue.
   *
   * @throws EcosError `not-confirmed`
   */
  publish(exchange: string, message: BrokerMessage): Promise<void>
  witness(options: WitnessOptions, onMessage: (message: BrokerMessage) => void): Promise<Witness>
  /** @throws EcosError `broker-refused` when it has messages or consumers */
  deleteQueue(queue: string): Promise<void>
  /** @returns false when it stays, since a queue is bound to it */
  deleteExchange(exchange: string): Promise<boolean>
  close(): Promise<void>
  /** Aborted, with the reason, when the connection is lost. */
  readonly lost: AbortSignal
}
