import type { Interests } from '../events/interest.ts'
import { type ListenerSubscribed, type ListenerWithdrawn, protocolVersion } from './messages.ts'

export interface ListenerIdentity {
  readonly id: string
  /** One running instance. Processes with the same interests may share one. */
  readonly instanceId: string
  readonly queue: string
  readonly leaseSeconds: number
}

/**
 * Builds one listener's messages. The sequence is the clock's milliseconds or one more than the last
 * one, so that it grows across restarts and across processes that share an instance id.
 */
export function listenerMessages({ id, instanceId, queue, leaseSeconds }: ListenerIdentity) {
  let sequence = 0
  const head = () => {
    sequence = Math.max(sequence + 1, Date.now())
    return { version: protocolVersion, sequence, listener: { id, instanceId } } as const
  }
  return {
    lastSequence: () => sequence,
    subscribed(interests: Interests, replyTo?: string): ListenerSubscribed {
      return {
        ...head(),
        kind: 'listener.subscribed',
        queue,
        leaseSeconds,
        interests,
        ...(replyTo !== undefined && { replyTo }),
      }
    },
    withdrawn(): ListenerWithdrawn {
      return { ...head(), kind: 'listener.withdrawn' }
    },
  }
}
