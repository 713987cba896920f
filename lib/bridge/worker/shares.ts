import { fillOf, leastCalls } from '../publish/call-limit.ts'

/** A tenant's part of the prefetch, and whether it needs more. */
export interface Share {
  readonly prefetch: number
  /** Below this it can't shrink. */
  readonly least: number
  /** It lately used its whole share. */
  readonly busy: boolean
  /** Messages have come through its queue lately. */
  readonly inUse: boolean
}

/** AMQP 0-9-1 has 16 bits for a consumer's prefetch, and one queue may get all of it. */
export const mostPrefetch = 65_535

/** Messages that are taken for the sake of many queues, over all of them: of 1 kB, they take some 25 MB. */
const mostForQueues = 10_000

/**
 * The default prefetch, over all queues. A queue starts with half of its part: below five, the broker spends
 * more on each message than the bus does.
 */
export function defaultPrefetch(queues: number, calls: number): number {
  return Math.min(mostPrefetch, Math.max(fillOf(calls), Math.min(mostForQueues, 10 * queues)))
}

/** Messages that are out, for each that may be read: others are on their way, or not acknowledged yet. */
const ahead = 1.5

/** The part of the prefetch that is kept from one look to the next when fewer calls are in flight. */
const kept = 0.98

/**
 * The prefetch follows the calls in flight, of which it holds half as many messages again: what the broker delivers
 * beyond that only grows old in V8's heap (docs/performance.md). It grows at once and falls slowly, since each
 * change costs the broker.
 *
 * @param most never more
 * @param room messages that keep the calls full which are in flight now
 * @param queues never less than 10 for each
 * @returns the prefetch over all queues, at each look
 */
export function followCalls(most: number, room: () => number, queues: () => number): () => number {
  let current = 0
  return () => {
    const least = Math.max(fillOf(leastCalls), Math.min(mostForQueues, 10 * queues()))
    current = Math.min(most, Math.max(least, ahead * room(), current * kept))
    return Math.floor(current)
  }
}

/** Calls that backlogs beside other queues can always fill. */
const leastBacklogCalls = 16

/** What backlogs may have out, for each message that keeps the bus busy: with one, its pace would never be found out. */
const headroom = 2

/** The part of that bound which is kept from one look to the next when the pace is lower. */
const keptBound = 0.9

/**
 * What backlogs may have out, all together, while other queues are in use: no more than keeps the bus busy. All else
 * waits for this process, and each new message of the other queues waits among it.
 *
 * @param pace messages that keep the bus busy
 * @returns the most that they may have out, at each look
 */
export function boundBacklogs(pace: () => number): (total: number) => number {
  const least = fillOf(leastBacklogCalls)
  let bound = least
  return (total) => {
    bound = Math.min(total, Math.max(least, headroom * pace(), bound * keptBound))
    return Math.floor(bound)
  }
}

/** Below this, the broker spends more on each message of a queue than the bus does. */
const leastOfBacklog = 10

/** A tenant's share at the start and while idle: half an even share, at least 1. */
export function idleShare(total: number, tenants: number): number {
  return Math.max(1, Math.floor(total / (2 * Math.max(1, tenants))))
}

/**
 * Redistributes the prefetch: an idle tenant keeps at most its idle share, so that its next event is
 * delivered at once, and the busy ones divide the rest evenly. Nobody has less than is possible, and than 1.
 *
 * @param total messages that may be out at once, over all tenants
 * @param queues how many there are, with those that are not consumed yet: each of these has its idle share to come,
 *   all together at most half of the total
 * @param backlogs what the busy ones get, all together, at most, while others are in use: the bypass of a pool that
 *   nobody floods is no other
 * @returns the prefetch of each, in the order of the shares
 */
export function shareOut(
  total: number,
  shares: readonly Share[],
  queues = shares.length,
  backlogs = total,
): number[] {
  const busy = shares.filter((share) => share.busy).length
  if (busy === 0) return shares.map(({ prefetch }) => prefetch)
  const most = idleShare(total, queues)
  const idle = shares.map(({ busy, prefetch, least }) =>
    busy ? 0 : Math.max(least, Math.min(prefetch, most)),
  )
  const toCome = Math.min(Math.floor(total / 2), most * Math.max(0, queues - shares.length))
  const rest = total - toCome - idle.reduce((sum, prefetch) => sum + prefetch, 0)
  const areAlone = shares.every((share) => share.busy || !share.inUse)
  const bound = areAlone ? total : Math.max(backlogs, leastOfBacklog * busy)
  const each = Math.max(1, Math.floor(Math.min(rest, bound) / busy))
  return shares.map(({ busy, least }, index) =>
    busy ? Math.max(least, each) : (idle[index] as number),
  )
}

/** Whether a change is worth another consumer. */
export function isWorthwhile(growth: number): boolean {
  return growth >= 1.5 || growth <= 1 / 1.5
}
