import { messageOf } from '../../lib/errors.ts'
import type { Interests } from '../../lib/events/interest.ts'
import type { Log } from '../../lib/log.ts'
import type { HandshakeChannel } from '../../lib/records/handshake-channel.ts'
import type { Participant } from '../../lib/records/kept-channel.ts'
import { type ListenerIdentity, listenerMessages } from '../../lib/records/listener-messages.ts'

export interface ListenerParticipant extends Participant {
  /** Announces the complete interests again. */
  renew(): Promise<void>
  change(interests: Interests): Promise<void>
  withdraw(): Promise<void>
  /** Resolves when a source has confirmed the current interests. */
  accepted(): Promise<void>
}

/** A listener's side of the handshake. Announcements that fail are made up for after a reconnection. */
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
      log.warn('A listener could not announce its interests', { listener: identity.id, reason })
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

/** Waits for a source to confirm a message of that sequence or a later one. */
function acceptance(since: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    promise,
    heard(sequence: number) {
      if (sequence >= since) resolve()
    },
  }
}
