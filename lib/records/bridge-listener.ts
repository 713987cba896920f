import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause } from '../waiting.ts'
import type { InterestsOf } from './interests.ts'
import { listenerMessages } from './listener-messages.ts'
import type { HandshakeMessage } from './messages.ts'

/** Handles the messages of one tenant's sources. */
export interface HandshakeHandler {
  onMessage(message: HandshakeMessage): void
  /** Called for a message that can't be decoded. */
  onUnreadable(error: unknown): void
}

/** Carries the handshakes of many tenants over one channel. */
export interface HandshakeHub {
  /** Resolves when the tenant's sources reach the handler. Repeated calls do nothing. */
  join(tenant: string, handler: HandshakeHandler): Promise<void>
  broadcast(tenant: string, message: HandshakeMessage): Promise<void>
  answer(queue: string, message: HandshakeMessage): Promise<void>
}

export interface BridgeListenerOptions {
  /** Called before each renewal and for each source that asks. */
  readonly interestsOf: InterestsOf
  readonly log: Log
}

/** A tenant and the queue that the bridge consumes for it. */
export interface ServedTenant {
  readonly tenant: string
  readonly queue: string
}

export interface BridgeListener {
  /** Starts to announce the tenant's interests to its sources. The queue must exist. */
  serve(served: ServedTenant): void
  /** Stops once pending announcements are sent, after `timeout` milliseconds at the latest. */
  close(timeout: number): Promise<void>
}

/**
 * The bridge's identity as a listener. Drains and workers share one instance, since they read the same
 * interests and announce the same.
 */
const identity = { id: 'eventbridge', instanceId: 'bridge' } as const

/** Seconds: four scheduled drains in a row may be missed. */
const leaseSeconds = 300

/** Milliseconds between two announcements, and so until a change is known. */
const renewalInterval = 60_000

/** Announcements in flight at a time. */
const concurrency = 20

/**
 * Announces to every tenant's sources which attributes the listeners on the bus want, for as long as the
 * bridge runs. A failure is logged and retried at the next renewal; meanwhile events flow without
 * attributes.
 */
export function startBridgeListener(
  hub: HandshakeHub,
  { interestsOf, log }: BridgeListenerOptions,
): BridgeListener {
  const announcers = new Map<string, Announcer>()
  const due = new Map<string, () => Promise<void>>()
  const running = new Set<Promise<void>>()
  const ended = new AbortController()

  const schedule: Schedule = (announcer, replyTo) => {
    if (ended.signal.aborted) return
    due.set(JSON.stringify([announcer.tenant, replyTo]), () => announcer.announce(replyTo))
    if (running.size >= concurrency) return
    const run = announceAllDue().finally(() => running.delete(run))
    running.add(run)
  }
  const announceAllDue = async () => {
    for (const [key, announce] of due) {
      due.delete(key)
      await announce()
    }
  }
  const renew = () => {
    for (const announcer of announcers.values()) schedule(announcer)
  }
  const renewal = setInterval(renew, renewalInterval)

  return {
    serve(served) {
      const { tenant } = served
      const onFailure = (what: string, error: unknown) => {
        if (!ended.signal.aborted) log.warn(what, { tenant, reason: messageOf(error) })
      }
      const announcer =
        announcers.get(tenant) ?? createAnnouncer(served, { hub, interestsOf, schedule, onFailure })
      announcers.set(tenant, announcer)
      schedule(announcer)
    },
    async close(timeout) {
      clearInterval(renewal)
      await Promise.race([Promise.all(running), pause(timeout, ended.signal)])
      ended.abort()
      due.clear()
    },
  }
}

interface Announcer {
  readonly tenant: string
  /** Sends the whole of the tenant's interests to one source, or to all of them. Never rejects. */
  announce(replyTo?: string): Promise<void>
}

type Schedule = (announcer: Announcer, replyTo?: string) => void

interface AnnouncerOptions {
  readonly hub: HandshakeHub
  readonly interestsOf: InterestsOf
  readonly schedule: Schedule
  readonly onFailure: (what: string, error: unknown) => void
}

/** Announces one tenant's interests in sequence, and nothing until it has had any. */
function createAnnouncer(
  { tenant, queue }: ServedTenant,
  { hub, interestsOf, schedule, onFailure }: AnnouncerOptions,
): Announcer {
  const messages = listenerMessages({ ...identity, queue, leaseSeconds })
  let isAnnounced = false
  let last = Promise.resolve()

  const handler: HandshakeHandler = {
    onMessage(message) {
      if (message.kind === 'source.started') schedule(announcer, message.replyTo)
    },
    onUnreadable: (error) => onFailure('Ignored an unreadable handshake message', error),
  }
  const send = async (replyTo?: string) => {
    const interests = await interestsOf(tenant)
    const hasInterests = Object.keys(interests).length > 0
    if (!hasInterests && !isAnnounced) return
    await hub.join(tenant, handler)
    const message = hasInterests ? messages.subscribed(interests) : messages.withdrawn()
    await (replyTo === undefined ? hub.broadcast(tenant, message) : hub.answer(replyTo, message))
    // An answer reaches one source only, so a withdrawal has to be broadcast too.
    if (hasInterests || replyTo === undefined) isAnnounced = hasInterests
  }
  const announcer: Announcer = {
    tenant,
    announce(replyTo) {
      last = last
        .then(() => send(replyTo))
        .catch((error) =>
          onFailure('Could not announce the interests to the sources of record events', error),
        )
      return last
    },
  }
  return announcer
}
