import { messageOf } from '../errors.ts'
import type { Interests } from '../events/interest.ts'
import type { Log } from '../log.ts'
import type { HandshakeChannel } from './handshake-channel.ts'
import type { Participant } from './kept-channel.ts'
import { type ListenerIdentity, listenerMessages } from './listener-messages.ts'

export interface ListenerParticipant extends Participant {
  /** Says it all again: before the lease ends, and when what is wanted has changed. */
  renew(): Promise<void>
  change(interests: Interests): Promise<void>
  withdraw(): Promise<void>
  /** Resolves when a source has said that it serves what is wanted now. */
  accepted(): Promise<void>
}

/** A listener's part of the handshake. What can't be said while the broker is away is said after. */
export function listenerParticipant(
  identity: ListenerIdentity,
  initial: Interests,
  log: Log,
): ListenerParticipant {
  const messages = listenerMessages(identity)
  let interests = initial
  let accepted = acceptance(0)
  let channel: HandshakeChannel | undefined

  const subscribed = ({ ownQueue }: HandshakeChannel) => messages.subscribed(interests, ownQueue)
  const quietly = async (said: Promise<void> | undefined) => {
    try {
      await said
    } catch (error) {
      const reason = messageOf(error)
      log.warn('A listener could not tell what it wants', { listener: identity.id, reason })
    }
  }
  const renew = () => quietly(channel?.broadcast(subscribed(channel)))

  return {
    async onOpen(opened) {
      channel = opened
      await opened.broadcast(subscribed(opened))
    },
    onMessage(message, opened) {
      if (message.kind === 'source.started') {
        quietly(opened.answer(message.replyTo, subscribed(opened)))
      } else if (message.kind === 'source.accepted') {
        accepted.heard(message.accepted)
      }
    },
    renew,
    change(next) {
      interests = next
      accepted = acceptance(messages.lastSequence() + 1)
      return renew()
    },
    withdraw: () => quietly(channel?.broadcast(messages.withdrawn())),
    accepted: () => accepted.promise,
  }
}

/** Waits for a source's answer to a message with that sequence or a later one. */
function acceptance(since: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    promise,
    heard(sequence: number) {
      if (sequence >= since) resolve()
    },
  }
}
