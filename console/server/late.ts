import type { RetriedOfTenant } from '../../lib/operations/notification-listing.ts'

/** Notifications of one tenant and channel that wait after a failed try. */
export interface Late {
  readonly tenant: string
  readonly channel: string
  /** At least, if there are more. */
  readonly count: number
  readonly isMore: boolean
  /** When the first try of the one that has waited longest failed (ISO 8601). */
  readonly since: string
  /** What the provider answered that one last. */
  readonly reason?: string | undefined
  /** When they are tried next, as far as that is on record (ISO 8601); the soonest first. */
  readonly next: readonly string[]
}

/** By tenant and channel, the one that has waited longest first. */
export function lateOf(retried: readonly RetriedOfTenant[]): Late[] {
  const all = retried.flatMap(({ tenant, notifications, isCut }) => {
    const channels = Map.groupBy(notifications, ({ channel = '' }) => channel)
    return [...channels].flatMap(([channel, of]): Late[] => {
      // It may have been created long before: held for a night, or sent again.
      const waiting = of.map(({ triedSince, createdAt, reason }) => {
        return { since: triedSince ?? createdAt, reason }
      })
      const [longest] = waiting.sort(bySince)
      if (longest === undefined) return []
      const next = of.flatMap(({ nextTryAt }) => nextTryAt ?? []).sort()
      return [{ tenant, channel, count: of.length, isMore: isCut, ...longest, next }]
    })
  })
  return all.sort(bySince)
}

const bySince = (one: Pick<Late, 'since'>, other: Pick<Late, 'since'>) =>
  one.since.localeCompare(other.since)

type Counted = Pick<Late, 'count' | 'isMore' | 'since'>

/** What waits for another try in a channel. */
export interface Again extends Counted {
  /** How many have any. */
  readonly tenants: number
  /** Those that have waited longest, first. */
  readonly worst: readonly (Counted & Pick<Late, 'tenant'>)[]
}

/** Tenants of a channel that a page gets. */
const maxWorst = 20

/** @param late the one that has waited longest first */
export function againIn(late: readonly Late[], channel: string): Again | undefined {
  const of = late.filter((one) => one.channel === channel)
  const [first] = of
  if (first === undefined) return undefined
  return {
    count: of.reduce((sum, { count }) => sum + count, 0),
    isMore: of.some(({ isMore }) => isMore),
    since: first.since,
    tenants: of.length,
    worst: of
      .slice(0, maxWorst)
      .map(({ tenant, count, isMore, since }) => ({ tenant, count, isMore, since })),
  }
}

/** Tenants that are asked at a time: each is a query. */
const askedAtOnce = 1_000

type AskRetried = (tenants: readonly string[]) => Promise<readonly RetriedOfTenant[]>

/** Asks some of the tenants at a time, in turn, and tells what all have answered so far. */
export function createRetried(ask: AskRetried): AskRetried {
  let next = 0
  let known: readonly RetriedOfTenant[] = []
  return async (tenants) => {
    const begin = next < tenants.length ? next : 0
    const some = tenants.slice(begin, begin + askedAtOnce)
    const answered = await ask(some)
    next = begin + askedAtOnce
    const others = new Set(tenants)
    for (const tenant of some) others.delete(tenant)
    known = [...known.filter(({ tenant }) => others.has(tenant)), ...answered]
    return known
  }
}

/** Seconds after which it is worth a look: one failed try is no trouble. */
const lateAfter = 120

export function isLate({ since }: Late, at: Date): boolean {
  return at.getTime() - Date.parse(since) >= lateAfter * 1000
}

/**
 * The next try that is still to come, or else the last one that was due; and the last of them, if that of each is
 * known.
 */
export function triesOf({ next, count, isMore }: Late, at: Date) {
  const now = at.toISOString()
  const last = next.at(-1)
  const nextAt = next.find((time) => time > now) ?? last
  const isWhole = !isMore && next.length === count
  return {
    ...(nextAt !== undefined && { nextAt }),
    ...(isWhole && last !== nextAt && { lastAt: last }),
  }
}
