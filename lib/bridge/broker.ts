import type { Delivery } from './message.ts'
import type { Topology } from './topology.ts'

/** A connection to a broker, as the bridge uses it. */
export interface Broker {
  /**
   * Declares a tenant's queues and bindings; what is there already stays as it is.
   *
   * @throws EcosError `queue-differs` when a queue of that name exists with other arguments
   */
  declare(topology: Topology): Promise<void>
  /** Messages that are ready to be delivered. */
  count(queue: string): Promise<number>
  /** @param prefetch how many deliveries may wait for their acknowledgement at once */
  consume(
    topology: Topology,
    prefetch: number,
    onDelivery: (delivery: Delivery) => void,
  ): Promise<void>
  /** Ends the consumers; deliveries that are out can still be acknowledged. */
  stopConsuming(): Promise<void>
  /** Closes the connection, after the acknowledgements are written; what is unsettled goes back. */
  close(): Promise<void>
  /** Aborted, with the reason, when the connection is lost. */
  readonly lost: AbortSignal
}
