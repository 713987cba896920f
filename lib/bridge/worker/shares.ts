import { mostEntries } from '../publish/bus.ts'

/** A tenant's part of the prefetch, and whether it could do with more. */
export interface Share {
  readonly prefetch: number
  /** It has lately had as many messages out as it may. */
  readonly busy: boolean
}

/** Messages that keep so many PutEvents calls full: those in the calls, and the next ones. */
export function fillOf(calls: number): number {
  return calls * (mostEntries + 2)
}

/** AMQP 0-9-1 has 16 bits for a consumer's prefetch, and one queue may be given all there is. */
export const mostPrefetch = 65_535

/**
 * Messages that may be out at once, where nothing else is set. A tenant starts with half of its part:
 * with less than five the broker spends more on each message than the bus does.
 */
export function defaultPrefetch(tenants: number, calls: number): number {
  return Math.min(mostPrefetch, Math.max(fillOf(calls), 10 * tenants))
}

/** What a tenant starts with, and keeps while it is idle: half an even share, and at least 1. */
export function idleShare(total: number, tenants: number): number {
  return Math.max(1, Math.floor(total / (2 * Math.max(1, tenants))))
}

/**
 * Shares the prefetch out anew: an idle tenant keeps its idle share at most, so that its next event
 * is delivered at once, and the busy ones have the rest, evenly. At least 1 each.
 *
 * @param total messages that may be out at once, over all tenants
 * @returns the prefetch of each, in the order of the shares
 */
export function shareOut(total: number, shares: readonly Share[]): number[] {
  const busy = shares.filter((share) => share.busy).length
  if (busy === 0) return shares.map(({ prefetch }) => prefetch)
  const most = idleShare(total, shares.length)
  const idle = shares.map((share) => (share.busy ? 0 : Math.min(share.prefetch, most)))
  const rest = total - idle.reduce((sum, prefetch) => sum + prefetch, 0)
  const each = Math.max(1, Math.floor(rest / busy))
  return idle.map((prefetch) => prefetch || each)
}

/** Whether a change is worth a consumer more, or some less. */
export function isWorthwhile(growth: number): boolean {
  return growth >= 1.5 || growth <= 1 / 1.5
}
