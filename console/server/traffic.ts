import type { PassingEvent } from './passing.ts'

/** Events kept for rates and for pages that open later, at most: a tap takes 500 in each of 30 looks a minute. */
const maxKept = 15_000

const minute = 60_000

/** The latest events, the oldest first. */
export type Traffic = readonly PassingEvent[]

/** @returns the events of the last minute, and at least the latest `shown` events of any age */
export function withPassed(traffic: Traffic, passed: readonly PassingEvent[], now: Date): Traffic {
  const all = [...traffic, ...passed].slice(-maxKept)
  const since = new Date(now.getTime() - minute).toISOString()
  return all.filter(({ at }, index) => at >= since || index >= all.length - shown)
}

/** Events that a page shows when it opens. */
export const shown = 100

/** Events in the last minute, by tenant; none of the others. */
export type Rates = Readonly<Record<string, number>>

/** @param isMeant which of the events are counted */
export function ratesOf(
  traffic: Traffic,
  now: Date,
  isMeant: (event: PassingEvent) => boolean,
): Rates {
  const since = new Date(now.getTime() - minute).toISOString()
  const counts = new Map<string, number>()
  for (const event of traffic) {
    if (event.at < since || !isMeant(event)) continue
    counts.set(event.tenant, (counts.get(event.tenant) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}
