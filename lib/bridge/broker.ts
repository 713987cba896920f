import type { HandshakeHub } from '../records/bridge-listener.ts'
import type { BridgeQueue } from './bridge-queue.ts'
import type { IncomingMessage } from './message.ts'
import type { Topology } from './topology.ts'

/** Callbacks of a consumer. */
export interface QueueConsumerHandlers {
  onMessage(message: IncomingMessage): void
  /** The broker cancelled the consumer: its queue was deleted. */
  onGone(): void
}

/** A consumer of one queue. */
export interface QueueConsumer {
  /** Messages already delivered can still be acknowledged. */
  cancel(): Promise<void>
}

/** A connection to a broker, as the bridge uses it. */
export interface Broker {
  /** Host, port and virtual host, which identify the broker. */
  readonly address: string
  /**
   * Declares a tenant's queues and bindings; existing ones stay as they are.
   *
   * @returns the number of ready messages
   * @throws EcosError `queue-differs` when a queue of that name exists with other arguments, or the tenant's
   *   entrance leads to another queue; `not-declared` for everything else
   */
  declare(topology: Topology): Promise<number>
  /** The number of ready messages; undefined if the queue does not exist. */
  count(queue: string): Promise<number | undefined>
  /**
   * @param prefetch messages that may be unacknowledged at once
   * @param isBacklog whether they are of a backlog: they then arrive beside the messages of other queues, and not
   *   before them
   * @throws EcosError `consume-refused` if the broker refuses this queue; it closes the channel as well,
   *   and `lost` is aborted
   */
  consume(
    queue: BridgeQueue,
    prefetch: number,
    handlers: QueueConsumerHandlers,
    isBacklog?: boolean,
  ): Promise<QueueConsumer>
  /**
   * Cancels all consumers; messages already delivered can still be acknowledged. Where a connection or a channel is
   * lost, those of the others.
   */
  stopConsuming(): Promise<void>
  /**
   * Leads the new events of a pool's tenants to its bypass, but those of this one, which floods the pool, to the
   * pool's queue. May be repeated.
   *
   * @throws if the tenant's events go to another queue meanwhile
   */
  openBypass(topology: Topology): Promise<void>
  /** Leads the events of all tenants of the pool to its queue again. May be repeated. */
  closeBypass(topologies: readonly Topology[]): Promise<void>
  /** Removes a tenant's bindings; its queue keeps its messages. */
  unbind(topology: Topology): Promise<void>
  /**
   * Deletes a queue that is empty and has no consumers.
   *
   * @throws EcosError `queue-in-use`, `queue-not-empty`, `queue-absent`
   */
  deleteEmpty(queue: string): Promise<void>
  /** Deletes an exchange with its bindings, if it exists. */
  deleteExchange(exchange: string): Promise<void>
  /**
   * Writes pending acknowledgements and closes; unsettled messages return to their queues. Never rejects:
   * a connection that is lost meanwhile is closed, too.
   */
  close(): Promise<void>
  /** @param listener gets the broker's reason when it blocks publishing, and undefined when it resumes */
  onBlocked(listener: (reason: string | undefined) => void): void
  /** The handshakes of record events. A failure there does not abort `lost`. */
  readonly handshakes: HandshakeHub
  /** Aborted with the reason when the connection or one of its channels is lost. */
  readonly lost: AbortSignal
}
