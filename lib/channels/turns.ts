import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelName, Delivery } from './channel.ts'

/** Whose deliveries are limited together: a tenant's by a channel. */
export interface Limited {
  readonly tenant: string
  readonly channel: ChannelName
}

/** Turns to deliver, which keep a distance however many senders run at once. */
export interface Turns {
  /**
   * Takes the next turn where it comes within so many milliseconds.
   *
   * @returns milliseconds until the turn, 0 for now; undefined where it comes later, and none is taken
   */
  take(limited: Limited, patience: number): Promise<number | undefined>
}

/**
 * Milliseconds that a delivery waits for its turn where it is: with the longest delivery, of 20
 * seconds, they stay below the 30 of a sender's function.
 */
const patience = 6_000

/** Seconds, at least and at most, after which one whose turn comes later asks again. */
const [leastWait, mostWait] = [10, 60]

export interface TurnPorts {
  readonly turns: Turns
  /** Puts the notification back at the end of its queue, hidden for so many seconds. */
  putBack(seconds: number): Promise<void>
}

/**
 * Waits for a delivery's turn. One whose turn comes too late to wait for goes back to its queue as
 * if it had never been received: being over the limit uses up no try. That is so only for one that
 * was not tried before, since a message that is put back begins to count anew.
 *
 * @param tries 1 for the first
 * @returns a delivery that failed for now where it was tried before: the queue brings it again
 */
export async function waitForTurn(
  limited: Limited,
  tries: number,
  { turns, putBack }: TurnPorts,
): Promise<'now' | 'put-back' | Delivery> {
  const wait = await turns.take(limited, patience)
  if (wait !== undefined) {
    await sleep(wait)
    return 'now'
  }
  // Left to chance, so that those that go away together do not come back together.
  const seconds = Math.ceil(leastWait + Math.random() * (mostWait - leastWait))
  if (tries > 1) {
    return { outcome: 'transient', reason: 'over the rate limit', retryAfterSeconds: seconds }
  }
  await putBack(seconds)
  return 'put-back'
}
