import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelName, Delivery } from './channel.ts'

/** One limit: a tenant's deliveries by one channel. */
export interface RateKey {
  readonly tenant: string
  readonly channel: ChannelName
}

/** Slots for deliveries, a fixed interval apart however many senders run concurrently. */
export interface RateLimiter {
  /**
   * Reserves the next slot if it comes within `maxWait` milliseconds.
   *
   * @returns milliseconds until the slot, 0 for now; undefined if it comes later, and then none is
   *   reserved
   */
  reserve(key: RateKey, maxWait: number): Promise<number | undefined>
}

/**
 * Milliseconds that a sender waits for a slot: together with the longest delivery, 21 seconds, it leaves
 * some of the 30 seconds of a sender's function for the stores.
 */
const longestWaitInPlace = 4_000

/** Seconds, at least and at most, that a notification over the limit waits in its queue. */
const [minWait, maxWait] = [10, 60]

export interface RateLimitPorts {
  readonly limiter: RateLimiter
  /** Sends the notification to the end of its queue, hidden for so many seconds. */
  putBack(seconds: number): Promise<void>
}

/**
 * Waits for a delivery's slot. If the slot is too far away, the notification returns to its queue as a
 * new message, so that being over the limit uses up no try. Only a first try does so: a new message
 * starts its count of tries anew.
 *
 * @param tries 1 for the first
 * @returns a transient failure for a later try: SQS delivers the same message again
 */
export async function waitForRate(
  key: RateKey,
  tries: number,
  { limiter, putBack }: RateLimitPorts,
): Promise<'now' | 'put-back' | Delivery> {
  const wait = await limiter.reserve(key, longestWaitInPlace)
  if (wait !== undefined) {
    await sleep(wait)
    return 'now'
  }
  // Random, so that messages that are put back together do not return together.
  const seconds = Math.ceil(minWait + Math.random() * (maxWait - minWait))
  if (tries > 1) {
    return { outcome: 'transient', reason: 'over the rate limit', retryAfterSeconds: seconds }
  }
  await putBack(seconds)
  return 'put-back'
}
