import type { PassingEvent } from './passing.ts'

/** Events that are remembered, at most: those of the last minute, and to show to who comes later. */
const mostKept = 5_000

const minute = 60_000

/** What passed of late, the oldest first. */
export type Traffic = readonly PassingEvent[]

/** @returns what passed within the last minute, and however long ago the latest `shown` did */
export function withPassed(traffic: Traffic, passed: readonly PassingEvent[], now: Date): Traffic {
  const all = [...traffic, ...passed].slice(-mostKept)
  const since = new Date(now.getTime() - minute).toISOString()
  return all.filter(({ at }, index) => at >= since || index >= all.length - shown)
}

/** How many of the latest are shown to who opens the page. */
export const shown = 100

/** Events in the last minute, by tenant. */
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
