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
  /** The same for all instances of the source. */
  readonly id: string
  /** Loads attributes of several records at once. Not called for what nobody wants. */
  readonly loadAttributes: LoadAttributes
  /** Ids of listeners: when all of them have answered, a source that starts waits no longer. */
  readonly waitFor?: readonly string[]
  /** Seconds that a source which has (re)connected waits for answers (default 2). */
  readonly settleSeconds?: number
  /** Seconds that an event may wait for the broker (default 30). */
  readonly sendTimeoutSeconds?: number
  readonly log: Log
}

/** To whom an event went. */
export interface Announced {
  readonly id: string
  /** The ids of the listeners in whose queues it is. */
  readonly listeners: readonly string[]
}

export interface Source {
  /**
   * Sends events to all who want them, each with the attributes that it asked for. Resolves when the
   * broker keeps them all. After an error the same events may be announced again with the same ids:
   * who has them already drops them by their ids.
   *
   * @throws EcosError `attributes-not-loaded` or `not-announced`, both to be tried again
   */
  announce(events: readonly AnnouncedEvent[]): Promise<Announced[]>
  close(): Promise<void>
}

/**
 * Starts a source. An event that is announced before the listeners have answered waits: until all in
 * `waitFor` have, and for `settleSeconds` after the broadcast at most. It then goes to whoever has
 * answered; a listener that answers later gets what is announced from then on.
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

/** Milliseconds before an event is sent again on the next channel. */
const resendWait = 100

/** Over as many channels as it takes. One that is lost may have kept the event: then it is there twice. */
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
      await pause(resendWait, giveUp)
    }
  }
}

async function opened(channel: KeptChannel, giveUp: AbortSignal) {
  const current = await channel.current(giveUp)
  if (current !== undefined) return current
  throw new EcosError('not-announced', 'The broker was not reached in time: announce it again', {
    retryable: true,
  })
}

/** As every event of ECOS looks on the wire, with `attributes` beside the event's own fields. */
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
