import type { PassingEvent } from './passing.ts'

/** Minutes that are kept. */
const kept = 60

/** Tenants whose minutes a page gets, the busiest first. */
const maxTenants = 50

/** Numbers of one minute. */
interface Sums {
  readonly events: number
  readonly failed: number
}

/** The events of one minute. A minute in which the bus was not read has no entry: its numbers are unknown. */
export interface Minute {
  /** When it began (ISO 8601, in UTC). */
  readonly at: string
  /** Events of ECOS, by tenant. */
  readonly events: Readonly<Record<string, number>>
  /** Failed deliveries, by tenant. */
  readonly failed: Readonly<Record<string, number>>
  /** Sums of the tenants that are left out, if any are. */
  readonly others?: Sums
}

/** @returns the minutes with what passed since the last look, at `now`; the oldest go */
export function withMinutes(
  minutes: readonly Minute[],
  passed: readonly PassingEvent[],
  now: Date,
): readonly Minute[] {
  const at = minuteOf(now)
  const last = minutes.at(-1)
  const before = last?.at === at ? last : { at, events: {}, failed: {} }
  const ofEcos = passed.filter(({ result }) => result === undefined)
  const failed = passed.filter(({ type }) => type === 'notification.failed')
  const minute = {
    at,
    events: plus(before.events, ofEcos),
    failed: plus(before.failed, failed),
  }
  const first = minuteOf(new Date(now.getTime() - (kept - 1) * 60_000))
  const others = last?.at === at ? minutes.slice(0, -1) : minutes
  return [...others.filter((one) => one.at >= first), minute]
}

/** The minutes of the busiest tenants, and the sums of the others: a page does not get thousands. */
export function ofBusiest(minutes: readonly Minute[]): readonly Minute[] {
  const sums = new Map<string, number>()
  for (const { events, failed } of minutes) {
    for (const [tenant, count] of [...Object.entries(events), ...Object.entries(failed)]) {
      sums.set(tenant, (sums.get(tenant) ?? 0) + count)
    }
  }
  if (sums.size <= maxTenants) return minutes
  const busiest = [...sums].sort(([, a], [, b]) => b - a).slice(0, maxTenants)
  const names = new Set(busiest.map(([name]) => name))
  const cut = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).filter(([name]) => names.has(name)))
  const rest = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).reduce((sum, [name, count]) => sum + (names.has(name) ? 0 : count), 0)
  return minutes.map(({ at, events, failed }) => ({
    ...{ at, events: cut(events), failed: cut(failed) },
    others: { events: rest(events), failed: rest(failed) },
  }))
}

/** @returns when the minute of a time began (ISO 8601, in UTC) */
export function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16)}:00.000Z`
}

function plus(
  counts: Readonly<Record<string, number>>,
  events: readonly PassingEvent[],
): Record<string, number> {
  const sums = new Map(Object.entries(counts))
  for (const { tenant } of events) sums.set(tenant, (sums.get(tenant) ?? 0) + 1)
  return Object.fromEntries(sums)
}
