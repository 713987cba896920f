import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelName } from './channel.ts'

/** One limit: a tenant's deliveries by one channel or those of them to one chat, or a person's requests to their page. */
export interface RateKey {
  readonly tenant: string
  readonly channel: ChannelName | 'own-page'
  readonly chat?: string
}

/** Slots for deliveries, a fixed interval apart however many senders run concurrently. */
export interface RateLimiter {
  /**
   * Reserves the next slots, up to `count`, that come within `maxWait` milliseconds.
   *
   * @returns milliseconds until each, 0 for now; fewer than `count` if the others come later
   */
  reserve(key: RateKey, count: number, maxWait: number): Promise<readonly number[]>
}

/** An address that a provider has refused for the number of messages, and until when (epoch milliseconds). */
export interface Flood {
  readonly chat: string
  readonly until: number
}

/** Remembers beyond the process what providers have refused for the number of messages. */
export interface FloodMemory {
  /** Gives no slot of the limit before then (epoch milliseconds). */
  pauseUntil(key: RateKey, until: number): Promise<void>
  /** Remembers the tenant's latest flood on the channel. @returns the one before */
  rememberFlood(key: RateKey, chat: string, until: number): Promise<Flood | undefined>
}

/** The next slot of a key, in milliseconds from now; undefined if it comes too late. */
export type TakeSlot = (key: RateKey) => Promise<number | undefined>

/** Milliseconds in which the deliveries of a batch ask for their slots. */
const gathering = 20

/** Reserves the slots that concurrent deliveries of a tenant ask for with one call. */
export function slotsTogether(limiter: Pick<RateLimiter, 'reserve'>): TakeSlot {
  const gathered = new Map<string, Gathered>()
  return async ({ tenant, channel, chat }) => {
    const key = { tenant, channel, ...(chat !== undefined && { chat }) }
    const name = JSON.stringify([tenant, channel, chat])
    const reserve = async (): Promise<readonly number[]> => {
      await sleep(gathering)
      gathered.delete(name)
      return limiter.reserve(key, group.count, longestWaitInPlace)
    }
    const group: Gathered = gathered.get(name) ?? { count: 0, waits: reserve() }
    gathered.set(name, group)
    const place = group.count++
    return (await group.waits)[place]
  }
}

/** Deliveries that ask for slots at the same moment. */
interface Gathered {
  count: number
  readonly waits: Promise<readonly number[]>
}

/**
 * Milliseconds that a sender waits for a slot: together with the longest delivery, it leaves some of the
 * function's time for the stores: of 30 seconds after 20, and for mail of 120 after 105.
 */
const longestWaitInPlace = 4_000

/** Seconds, at least and at most, that a notification over the limit waits in its queue. */
const [minWait, maxWait] = [10, 60]

export interface RateLimitPorts {
  readonly takeSlot: TakeSlot
  /** Sends the notification to the end of its queue, hidden for so many seconds. */
  putBack(seconds: number): Promise<void>
}

/**
 * Waits for a delivery's slot. If the slot is too far away, the notification returns to its queue as a new
 * message: it uses up neither a try nor a receive, however long a backlog or a provider's pause lasts.
 */
export async function waitForRate(
  key: RateKey,
  { takeSlot, putBack }: RateLimitPorts,
): Promise<'now' | 'put-back'> {
  const wait = await takeSlot(key)
  if (wait !== undefined) {
    await sleep(wait)
    return 'now'
  }
  // Random, so that messages that are put back together do not return together.
  await putBack(Math.ceil(minWait + Math.random() * (maxWait - minWait)))
  return 'put-back'
}
