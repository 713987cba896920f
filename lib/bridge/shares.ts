/** A tenant's part of the prefetch, and whether it could do with more. */
export interface Share {
  readonly prefetch: number
  /** It has lately had as many messages out as it may. */
  readonly busy: boolean
}

/** What each tenant starts with. */
export function evenShare(total: number, tenants: number): number {
  return Math.max(1, Math.floor(total / Math.max(1, tenants)))
}

/**
 * Shares the prefetch out anew: each idle tenant keeps half an even share, so that its next event
 * is delivered at once, and the busy ones have the rest, evenly. At least 1 each.
 *
 * @param total messages that may be out at once, over all tenants
 * @returns the prefetch of each, in the order of the shares
 */
export function shareOut(total: number, shares: readonly Share[]): number[] {
  const busy = shares.filter((share) => share.busy).length
  if (busy === 0) return shares.map(({ prefetch }) => prefetch)
  const idle = Math.max(1, Math.floor(total / (2 * shares.length)))
  const rest = total - shares.reduce((sum, s) => sum + (s.busy ? 0 : Math.min(s.prefetch, idle)), 0)
  const each = Math.max(1, Math.floor(rest / busy))
  return shares.map((share) => (share.busy ? each : Math.min(share.prefetch, idle)))
}

/** Whether a change is worth a new consumer: a prefetch can't be changed under a running one. */
export function isWorthwhile(growth: number): boolean {
  return growth >= 1.5 || growth <= 1 / 1.5
}
