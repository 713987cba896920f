import { randomUUID } from 'node:crypto'
import type { Interests } from '../../lib/events/interest.ts'
import type { Log } from '../../lib/log.ts'
import type { OpenHandshakeChannel } from '../../lib/records/handshake-channel.ts'
import { keepOpen } from '../../lib/records/kept-channel.ts'
import { listenerParticipant } from './listener-participant.ts'

export interface ListenerOptions {
  /** Shared by all instances of the listener. */
  readonly id: string
  /** The queue that receives the events. It must exist. */
  readonly queue: string
  readonly interests: Interests
  /** Seconds after which the sources drop the subscription unless it is renewed (default 300). */
  readonly leaseSeconds?: number
  readonly log: Log
}

export interface Listener {
  /** Replaces the interests. */
  change(interests: Interests): Promise<void>
  /** Resolves when a source has confirmed the current interests. */
  accepted(): Promise<void>
  /** @param withdraw unsubscribes; otherwise the lease runs out */
  close(options: { withdraw: boolean }): Promise<void>
}

/** Two renewals may be lost. */
const renewalsInLease = 3

/** Starts a listener, which announces its interests to every source, whichever starts first. */
export function startListener(open: OpenHandshakeChannel, options: ListenerOptions): Listener {
  const { id, queue, interests, leaseSeconds = 300, log } = options
  const identity = { id, instanceId: randomUUID(), queue, leaseSeconds }
  const participant = listenerParticipant(identity, interests, log)
  const kept = keepOpen(open, participant, log)
  const renewal = setInterval(participant.renew, (leaseSeconds * 1000) / renewalsInLease)
  return {
    change: participant.change,
    accepted: participant.accepted,
    async close({ withdraw }) {
      clearInterval(renewal)
      if (withdraw) await participant.withdraw()
      await kept.close()
    },
  }
}
