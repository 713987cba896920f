import type { HandshakeHub } from '../records/bridge-listener.ts'
import type { Delivery } from './message.ts'
import type { Topology } from './topology.ts'

/** What becomes of a consumer. */
export interface ConsumerHandlers {
  onDelivery(delivery: Delivery): void
  /** The broker ended the consumer: its queue was deleted. */
  onGone(): void
}

/** One consumer of one queue. */
export interface Consumer {
  /** Ends it; deliveries that are out can still be acknowledged. */
  cancel(): Promise<void>
}

/** A connection to a broker, as the bridge uses it. */
export interface Broker {
  /** Host, port and virtual host: what tells one broker from another. */
  readonly address: string
  /**
   * Declares a tenant's queues and bindings; what is there already stays as it is.
   *
   * @returns messages that are ready to be delivered
   * @throws EcosError `queue-differs` when a queue of that name exists with other arguments;
   *   `not-declared` for everything else
   */
  declare(topology: Topology): Promise<number>
  /** Messages that are ready to be delivered; undefined where there is no such queue. */
  count(queue: string): Promise<number | undefined>
  /**
   * @param prefetch how many deliveries may wait for their acknowledgement at once
   * @throws EcosError `consume-refused`; the broker closes the channel with it, and `lost` is aborted
   */
  consume(topology: Topology, prefetch: number, handlers: ConsumerHandlers): Promise<Consumer>
  /** Ends all consumers; deliveries that are out can still be acknowledged. */
  stopConsuming(): Promise<void>
  /** Ends a tenant's bindings; its queue stays, with all that is in it. */
  unbind(topology: Topology): Promise<void>
  /**
   * Deletes a queue that is empty and that nobody consumes.
   *
   * @throws EcosError `queue-in-use`, `queue-not-empty`, `queue-absent`
   */
  deleteEmpty(queue: string): Promise<void>
  /** Closes the connection, after the acknowledgements are written; what is unsettled goes back. */
  close(): Promise<void>
  /** The handshakes of record events. What fails there is no loss of the connection. */
  readonly handshakes: HandshakeHub
  /** Aborted, with the reason, when the connection or its channel is lost. */
  readonly lost: AbortSignal
}
