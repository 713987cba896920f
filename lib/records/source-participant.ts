import { randomUUID } from 'node:crypto'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { HandshakeChannel } from './handshake-channel.ts'
import { type Participant, waitAtMost } from './kept-channel.ts'
import { type ListenerSubscribed, protocolVersion } from './messages.ts'
import type { Registry } from './registry.ts'

export interface SourceParticipantOptions {
  readonly id: string
  readonly waitFor: readonly string[]
  readonly settleSeconds: number
  readonly registry: Registry
  readonly log: Log
}

/** A source's side of the handshake: it asks all listeners at its start and confirms subscriptions. */
export function sourceParticipant(options: SourceParticipantOptions): Participant {
  const { id, waitFor, settleSeconds, registry, log } = options
  const source = { id, instanceId: randomUUID() }
  let sequence = 0
  let changed = Promise.withResolvers<void>()

  const head = () => {
    sequence += 1
    return { version: protocolVersion, sequence, source } as const
  }
  const accept = async (message: ListenerSubscribed, channel: HandshakeChannel) => {
    if (message.replyTo === undefined) return
    const { listener, sequence: accepted } = message
    const answer = { ...head(), kind: 'source.accepted', listener, accepted } as const
    await channel.answer(message.replyTo, answer)
  }
  const isSettled = () => {
    const present = registry.listeners(Date.now())
    return waitFor.length > 0 && waitFor.every((listener) => present.includes(listener))
  }
  return {
    async onOpen(channel, ended) {
      await channel.broadcast({ ...head(), kind: 'source.started', replyTo: channel.ownQueue })
      const deadline = Date.now() + settleSeconds * 1000
      while (!isSettled() && !ended.aborted && Date.now() < deadline) {
        await waitAtMost(changed.promise, deadline - Date.now(), ended)
      }
    },
    onMessage(message, channel) {
      if (message.kind !== 'listener.subscribed' && message.kind !== 'listener.withdrawn') return
      if (!registry.apply(message, Date.now())) return
      changed.resolve()
      changed = Promise.withResolvers()
      if (message.kind === 'listener.withdrawn') return
      accept(message, channel).catch((error) =>
        log.warn('Could not confirm a subscription to its listener', {
          source: id,
          listener: message.listener.id,
          reason: messageOf(error),
        }),
      )
    },
  }
}
