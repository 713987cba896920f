import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause } from '../waiting.ts'
import type { InterestsOf } from './interests.ts'
import { listenerMessages } from './listener-messages.ts'
import type { HandshakeMessage } from './messages.ts'

/** Who is told what a tenant's sources say. */
export interface Hearer {
  onMessage(message: HandshakeMessage): void
  /** Something came that is no message of the handshake. */
  onUnreadable(error: unknown): void
}

/** The handshakes of many tenants over one channel. */
export interface HandshakeHub {
  /** Resolves when the tenant's sources are heard. Does nothing where they are already. */
  join(tenant: string, hearer: Hearer): Promise<void>
  broadcast(tenant: string, message: HandshakeMessage): Promise<void>
  answer(queue: string, message: HandshakeMessage): Promise<void>
}

export interface BridgeListenerOptions {
  /** Asked again before each renewal, and for each source that asks. */
  readonly interestsOf: InterestsOf
  readonly log: Log
}

/** A tenant, and the queue that the bridge consumes for it. */
export interface Served {
  readonly tenant: string
  readonly queue: string
}

export interface BridgeListener {
  /** From now on the tenant's sources are told what is wanted. The queue has to be there. */
  serve(served: Served): void
  /** Ends it, after what is being said is said or so many milliseconds have passed. */
  close(patience: number): Promise<void>
}

/**
 * The bridge's id as a listener. Drains and workers read the same interests, and so share an instance:
 * whichever speaks last says the same.
 */
const identity = { id: 'eventbridge', instanceId: 'bridge' } as const

/** A drain that comes every minute may be missing four times. In seconds. */
const leaseSeconds = 300

/** How soon a change is told, in milliseconds. */
const renewEvery = 60_000

/** Tenants that are asked about at a time. */
const atOnce = 20

/**
 * Tells the sources of every tenant what is wanted of their events on the other side of the bus, as
 * long as the bridge runs. What fails is logged and tried again with the next renewal: events flow
 * without it, but without attributes.
 */
export function startBridgeListener(
  hub: HandshakeHub,
  { interestsOf, log }: BridgeListenerOptions,
): BridgeListener {
  const voices = new Map<string, Voice>()
  const due = new Map<string, () => Promise<void>>()
  const lanes = new Set<Promise<void>>()
  const ended = new AbortController()

  const tellSoon: TellSoon = (voice, replyTo) => {
    if (ended.signal.aborted) return
    due.set(JSON.stringify([voice.tenant, replyTo]), () => voice.tell(replyTo))
    if (lanes.size >= atOnce) return
    const lane = tellAllDue().finally(() => lanes.delete(lane))
    lanes.add(lane)
  }
  const tellAllDue = async () => {
    for (const [key, tell] of due) {
      due.delete(key)
      await tell()
    }
  }
  const renew = () => {
    for (const voice of voices.values()) tellSoon(voice)
  }
  const renewal = setInterval(renew, renewEvery)

  return {
    serve(served) {
      const { tenant } = served
      const onFailure = (what: string, error: unknown) => {
        if (!ended.signal.aborted) log.warn(what, { tenant, reason: messageOf(error) })
      }
      const voice = voices.get(tenant) ?? voiceOf(served, { hub, interestsOf, tellSoon, onFailure })
      voices.set(tenant, voice)
      tellSoon(voice)
    },
    async close(patience) {
      clearInterval(renewal)
      await Promise.race([Promise.all(lanes), pause(patience, ended.signal)])
      ended.abort()
      due.clear()
    },
  }
}

interface Voice {
  readonly tenant: string
  /** Says all that is wanted, to everyone or to one source. Never rejects. */
  tell(replyTo?: string): Promise<void>
}

type TellSoon = (voice: Voice, replyTo?: string) => void

interface VoiceOptions {
  readonly hub: HandshakeHub
  readonly interestsOf: InterestsOf
  readonly tellSoon: TellSoon
  readonly onFailure: (what: string, error: unknown) => void
}

/** What is said for one tenant, one word after another. Who never wanted anything says nothing. */
function voiceOf(
  { tenant, queue }: Served,
  { hub, interestsOf, tellSoon, onFailure }: VoiceOptions,
): Voice {
  const messages = listenerMessages({ ...identity, queue, leaseSeconds })
  let wanted = false
  let last = Promise.resolve()

  const hearer: Hearer = {
    onMessage(message) {
      if (message.kind === 'source.started') tellSoon(voice, message.replyTo)
    },
    onUnreadable: (error) => onFailure('A message of the handshake was left out', error),
  }
  const say = async (replyTo?: string) => {
    const interests = await interestsOf(tenant)
    const wants = Object.keys(interests).length > 0
    if (!wants && !wanted) return
    await hub.join(tenant, hearer)
    const message = wants ? messages.subscribed(interests) : messages.withdrawn()
    await (replyTo === undefined ? hub.broadcast(tenant, message) : hub.answer(replyTo, message))
    // A source that is answered has heard it alone.
    if (wants || replyTo === undefined) wanted = wants
  }
  const voice: Voice = {
    tenant,
    tell(replyTo) {
      last = last
        .then(() => say(replyTo))
        .catch((error) =>
          onFailure('The sources of record events were not told what is wanted', error),
        )
      return last
    },
  }
  return voice
}
