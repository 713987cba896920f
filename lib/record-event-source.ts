import { openHandshakeChannel } from './amqp/handshake-channel.ts'
import { createLog, type Log } from './log.ts'
import type { AnnouncedEvent, LoadAttributes } from './records/enrichment.ts'
import { type Announced, type Source, type SourceOptions, startSource } from './records/source.ts'

export interface RecordEventSourceOptions extends Omit<SourceOptions, 'log'> {
  /** `amqp://` or `amqps://`, with user, password and virtual host. */
  readonly url: string
  /** PEM of the only CAs that are trusted for `amqps://` (default: those of Node.js). */
  readonly ca?: string
  /** The tenant whose events these are: `ecos.server.tenant.id`. */
  readonly tenant: string
  /** By default JSON lines on standard output. */
  readonly log?: Log
}

/**
 * A source of record events for a Node service: it learns from its listeners which attributes they
 * need, and sends each event to those who want it, with just these. It connects by itself, and again
 * whenever the connection is lost. docs/record-events.md
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
   * Resolves when every event is in the queue of each listener that wants it; with nobody interested
   * nothing is loaded. After an error announce the same events again, with the same ids.
   *
   * @throws EcosError `attributes-not-loaded` or `not-announced`, both to be tried again
   */
  announce(events: readonly AnnouncedEvent[]): Promise<Announced[]> {
    return this.#source.announce(events)
  }

  /** Ends the connection. What is being announced should be awaited before. */
  close(): Promise<void> {
    return this.#source.close()
  }
}

export type { Announced, AnnouncedEvent, LoadAttributes }
