import { randomUUID } from 'node:crypto'
import { EcosError } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause } from '../waiting.ts'
import {
  type AnnouncedEvent,
  type Attributes,
  isWanted,
  type LoadAttributes,
  loadFor,
  partOf,
  type WantedEvent,
} from './enrichment.ts'
import type { OpenHandshakeChannel, OutgoingEvent, Sent } from './handshake-channel.ts'
import { type KeptChannel, keepOpen } from './kept-channel.ts'
import { createRegistry, type InterestedListener, type Registry } from './registry.ts'
import { sourceParticipant } from './source-participant.ts'

export interface SourceOptions {
  /** Shared by all instances of the source. */
  readonly id: string
  /** Loads attributes of several records at once. Not called for events without listeners. */
  readonly loadAttributes: LoadAttributes
  /** Ids of listeners: once all of them have answered, a starting source stops waiting. */
  readonly waitFor?: readonly string[]
  /** Seconds to wait for answers after each (re)connection (default 2). */
  readonly settleSeconds?: number
  /** Seconds that an event may wait for the broker (default 30). */
  readonly sendTimeoutSeconds?: number
  readonly log: Log
}

/** The result for one announced event. */
export interface Announced {
  readonly id: string
  /** The ids of the listeners whose queues hold the event. */
  readonly listeners: readonly string[]
}

export interface Source {
  /**
   * Sends each event to the listeners that want it, with the attributes that each requested. Resolves
   * when the broker has confirmed all of them. After an error announce the same events again with the
   * same ids: receivers drop duplicates by id.
   *
   * @throws EcosError `attributes-not-loaded` or `not-announced`, both retryable
   */
  announce(events: readonly AnnouncedEvent[]): Promise<Announced[]>
  close(): Promise<void>
}

/**
 * Starts a source. An event that is announced before the listeners have answered waits until all in
 * `waitFor` have, for `settleSeconds` after the broadcast at most. It then goes to the listeners that
 * have answered; a later one receives the events that are announced from then on.
 */
export function startSource(open: OpenHandshakeChannel, options: SourceOptions): Source {
  const { id, waitFor = [], settleSeconds = 2, sendTimeoutSeconds = 30, log } = options
  const registry = createRegistry()
  const participant = sourceParticipant({ id, waitFor, settleSeconds, registry, log })
  const channel = keepOpen(open, participant, log)

  return {
    async announce(events) {
      const giveUp = AbortSignal.timeout((settleSeconds + sendTimeoutSeconds) * 1000)
      await opened(channel, giveUp)
      const wanted = events.map((event): WantedEvent => {
        const listeners = registry.interested(event.type, Date.now())
        return { event: { ...event, id: event.id ?? randomUUID() }, listeners }
      })
      const loaded = await loadFor(
        wanted.filter(({ listeners }) => listeners.length > 0),
        options.loadAttributes,
      )
      return Promise.all(
        wanted.map((one) => sendToAll(one, loaded.get(one) ?? {}, { channel, registry, giveUp })),
      )
    },
    close: () => channel.close(),
  }
}

interface Sending {
  readonly channel: KeptChannel
  readonly registry: Registry
  readonly giveUp: AbortSignal
}

async function sendToAll(
  { event, listeners }: WantedEvent,
  attributes: Attributes,
  sending: Sending,
): Promise<Announced> {
  const wanting = listeners.filter((listener) => isWanted(listener, attributes))
  const results = await Promise.all(
    wanting.map(async (listener) => {
      const sent = await send(listener.queue, outgoing(event, listener, attributes), sending)
      if (sent === 'no-queue') sending.registry.forgetQueue(listener.queue)
      return sent
    }),
  )
  const kept = wanting.filter((_, index) => results[index] === 'kept')
  return { id: event.id ?? '', listeners: kept.map(({ listener }) => listener) }
}

/** Milliseconds. */
const resendDelay = 100

/** Retries over new channels. The broker may have kept the event on a lost one: then it arrives twice. */
async function send(
  queue: string,
  event: OutgoingEvent,
  { channel, giveUp }: Sending,
): Promise<Sent> {
  for (;;) {
    const current = await opened(channel, giveUp)
    try {
      return await current.send(queue, event)
    } catch (error) {
      if (!(error instanceof EcosError && error.retryable)) throw error
      await pause(resendDelay, giveUp)
    }
  }
}

async function opened(channel: KeptChannel, giveUp: AbortSignal) {
  const current = await channel.current(giveUp)
  if (current !== undefined) return current
  throw new EcosError(
    'not-announced',
    'The broker could not be reached in time: announce the events again',
    {
      retryable: true,
    },
  )
}

/** The wire format of events 1.0, with `attributes` beside the event's own fields. */
function outgoing(
  { id = '', type, record, time = new Date(), data }: AnnouncedEvent,
  listener: InterestedListener,
  attributes: Attributes,
): OutgoingEvent {
  const createdDate = time.getTime()
  const own = { id, type, docId: record, createdDate, attributes: partOf(listener, attributes) }
  const body = Buffer.from(JSON.stringify({ data: { ...data, ...own } }))
  return { id, type, time: createdDate, body }
}
