import type { RetriedOfTenant } from '../../lib/operations/notification-listing.ts'

/** Notifications of one tenant and channel that wait after a failed try. */
export interface Late {
  readonly tenant: string
  readonly channel: string
  /** At least, if there are more. */
  readonly count: number
  readonly isMore: boolean
  /** When the oldest was created (ISO 8601). */
  readonly since: string
  /** What the provider answered the oldest last. */
  readonly reason?: string | undefined
}

/** By tenant and channel, the oldest first. */
export function lateOf(retried: readonly RetriedOfTenant[]): Late[] {
  const all = retried.flatMap(({ tenant, notifications, isCut }) => {
    const channels = Map.groupBy(notifications, ({ channel = '' }) => channel)
    return [...channels].flatMap(([channel, of]): Late[] => {
      const [oldest] = of
      if (oldest === undefined) return []
      const { createdAt: since, reason } = oldest
      return [{ tenant, channel, count: of.length, isMore: isCut, since, reason }]
    })
  })
  return all.sort((one, other) => one.since.localeCompare(other.since))
}

/** Seconds after which it is worth a look: one failed try is no trouble. */
const lateAfter = 120

export function isLate({ since }: Late, at: Date): boolean {
  return at.getTime() - Date.parse(since) >= lateAfter * 1000
}
