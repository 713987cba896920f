import { openHandshakeChannel } from './amqp/handshake-channel.ts'
import { createLog, type Log } from './log.ts'
import type { AnnouncedEvent, LoadAttributes } from './records/enrichment.ts'
import { type Announced, type Source, type SourceOptions, startSource } from './records/source.ts'

export interface RecordEventSourceOptions extends Omit<SourceOptions, 'log'> {
  /** `amqp://` or `amqps://`, with user, password and virtual host. */
  readonly url: string
  /** PEM of the only CAs to trust for `amqps://` (default: those of Node.js). */
  readonly ca?: string
  /** The tenant's id, in ECOS `ecos.server.tenant.id`. */
  readonly tenant: string
  /** By default JSON lines on standard output. */
  readonly log?: Log
}

/**
 * A source of record events for a Node.js service. It learns from its listeners which attributes they
 * need and sends them each event with exactly these. It connects by itself and reconnects after a loss.
 * See docs/record-events.md
 *
 * ```ts
 * const source = new RecordEventSource({ url, tenant: 'acme', id: 'cases', loadAttributes })
 * await source.announce([{ type: 'record-changed', record: 'cases@42' }])
 * ```
 */
export class RecordEventSource {
  readonly #source: Source

  constructor({ url, ca, tenant, log = createLog(), ...options }: RecordEventSourceOptions) {
    const open = () => openHandshakeChannel(url, tenant, 'listener', log, ca)
    this.#source = startSource(open, { ...options, log })
  }

  /**
   * Resolves when every event is in the queue of each listener that wants it. Without interested listeners
   * nothing is loaded. After an error announce the same events again, with the same ids.
   *
   * @throws EcosError `attributes-not-loaded` or `not-announced`, both retryable
   */
  announce(events: readonly AnnouncedEvent[]): Promise<Announced[]> {
    return this.#source.announce(events)
  }

  /** Closes the connection. Await pending announcements first. */
  close(): Promise<void> {
    return this.#source.close()
  }
}

export type { Announced, AnnouncedEvent, LoadAttributes }
