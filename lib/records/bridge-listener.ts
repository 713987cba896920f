import { chunks } from '../chunks.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { listenerMessages } from './listener-messages.ts'
import type { HandshakeMessage, Interests } from './messages.ts'

/** The handshakes of many tenants over one channel. */
export interface HandshakeHub {
  /** From now on the sources of those tenants are heard. */
  hear(
    tenants: readonly string[],
    onMessage: (tenant: string, message: HandshakeMessage) => void,
  ): Promise<void>
  broadcast(tenant: string, message: HandshakeMessage): Promise<void>
  answer(queue: string, message: HandshakeMessage): Promise<void>
}

export interface BridgeListenerOptions {
  /** Each with the queue that the bridge consumes for it. */
  readonly tenants: readonly { readonly tenant: string; readonly queue: string }[]
  /** What those on the bus want of a tenant's events. Asked again before each renewal. */
  interestsOf(tenant: string): Promise<Interests>
  readonly log: Log
}

export interface BridgeListener {
  /** Resolves when every tenant's sources have been told, or the failure to do so is logged. */
  readonly told: Promise<void>
  close(): void
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
  { tenants, interestsOf, log }: BridgeListenerOptions,
): BridgeListener {
  const voices = new Map(
    tenants.map(({ tenant, queue }) => [tenant, voiceOf(tenant, queue, hub, interestsOf)]),
  )
  const quietly = async (tenant: string, said: Promise<void>) => {
    try {
      await said
    } catch (error) {
      log.warn('The sources of record events were not told what is wanted', {
        tenant,
        reason: messageOf(error),
      })
    }
  }
  const tellAll = async () => {
    for (const some of chunks([...voices], atOnce)) {
      await Promise.all(some.map(([tenant, voice]) => quietly(tenant, voice.tell())))
    }
  }
  const start = async () => {
    await hub.hear([...voices.keys()], (tenant, message) => {
      if (message.kind !== 'source.started') return
      quietly(tenant, voices.get(tenant)?.tell(message.replyTo) ?? Promise.resolve())
    })
    await tellAll()
  }
  const told = start().catch((error) =>
    log.warn('The sources of record events are not heard', { reason: messageOf(error) }),
  )
  const renewal = setInterval(tellAll, renewEvery)
  return { told, close: () => clearInterval(renewal) }
}

/** What is said for one tenant. Who never wanted anything says nothing. */
function voiceOf(
  tenant: string,
  queue: string,
  hub: HandshakeHub,
  interestsOf: BridgeListenerOptions['interestsOf'],
) {
  const messages = listenerMessages({ ...identity, queue, leaseSeconds })
  let wanted = false
  return {
    async tell(replyTo?: string): Promise<void> {
      const interests = await interestsOf(tenant)
      const wants = Object.keys(interests).length > 0
      if (!wants && !wanted) return
      const message = wants ? messages.subscribed(interests) : messages.withdrawn()
      await (replyTo === undefined ? hub.broadcast(tenant, message) : hub.answer(replyTo, message))
      wanted = wants
    },
  }
}
