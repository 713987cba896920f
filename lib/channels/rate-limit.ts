import { setTimeout as sleep } from 'node:timers/promises'
import { EcosError } from '../errors.ts'
import type { ChannelName } from './channel.ts'

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
 * Waits for a delivery's slot. If the slot is too far away, a new notification returns to its queue as a
 * new message, so that a long backlog uses up no receives. One that was tried before stays the same
 * message, since its tries are counted from the time of its sending.
 *
 * @throws EcosError `over-rate-limit`, retryable: nothing was tried
 */
export async function waitForRate(
  key: RateKey,
  isNew: boolean,
  { limiter, putBack }: RateLimitPorts,
): Promise<'now' | 'put-back'> {
  const wait = await limiter.reserve(key, longestWaitInPlace)
  if (wait !== undefined) {
    await sleep(wait)
    return 'now'
  }
  if (!isNew) {
    const problem = `${key.tenant} is over its rate limit for ${key.channel}`
    throw new EcosError('over-rate-limit', problem, { retryable: true })
  }
  // Random, so that messages that are put back together do not return together.
  await putBack(Math.ceil(minWait + Math.random() * (maxWait - minWait)))
  return 'put-back'
}
