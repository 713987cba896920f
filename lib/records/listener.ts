import { randomUUID } from 'node:crypto'
import type { Interests } from '../events/interest.ts'
import type { Log } from '../log.ts'
import type { OpenHandshakeChannel } from './handshake-channel.ts'
import { keepOpen } from './kept-channel.ts'
import { listenerParticipant } from './listener-participant.ts'

export interface ListenerOptions {
  /** The same for all instances of the listener. */
  readonly id: string
  /** Where its events go. The queue has to be there. */
  readonly queue: string
  readonly interests: Interests
  /** Seconds after which the sources take it to be gone, unless it is renewed (default 300). */
  readonly leaseSeconds?: number
  readonly log: Log
}

export interface Listener {
  /** From now on it wants this. */
  change(interests: Interests): Promise<void>
  /** Resolves when a source has said that it serves what the listener wants now. */
  accepted(): Promise<void>
  /** @param withdraw whether the sources are told to send no more; else its lease runs on */
  close(options: { withdraw: boolean }): Promise<void>
}

/** How many renewals fit into a lease: two may be lost. */
const renewalsInLease = 3

/** Starts a listener: it tells every source what it wants, whichever of them is up first. */
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
