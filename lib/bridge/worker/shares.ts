import { mostEntries } from '../publish/bus.ts'

/** A tenant's part of the prefetch, and whether it needs more. */
export interface Share {
  readonly prefetch: number
  /** It lately used its whole share. */
  readonly busy: boolean
}

/** Messages that keep this many PutEvents calls full: those in the calls, and the next. */
export function fillOf(calls: number): number {
  return calls * (mostEntries + 2)
}

/** AMQP 0-9-1 has 16 bits for a consumer's prefetch, and one queue may get all of it. */
export const mostPrefetch = 65_535

/**
 * The default prefetch, over all queues. A queue starts with half of its part: below five, the broker spends
 * more on each message than the bus does.
 */
export function defaultPrefetch(queues: number, calls: number): number {
  return Math.min(mostPrefetch, Math.max(fillOf(calls), 10 * queues))
}

/** A tenant's share at the start and while idle: half an even share, at least 1. */
export function idleShare(total: number, tenants: number): number {
  return Math.max(1, Math.floor(total / (2 * Math.max(1, tenants))))
}

/**
 * Redistributes the prefetch: an idle tenant keeps at most its idle share, so that its next event is
 * delivered at once, and the busy ones divide the rest evenly. At least 1 each.
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

/** Whether a change is worth another consumer. */
export function isWorthwhile(growth: number): boolean {
  return growth >= 1.5 || growth <= 1 / 1.5
}
