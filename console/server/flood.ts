import { type Minute, minuteOf } from './minutes.ts'

/** A tenant that sends far more than the others. */
export interface Flood {
  readonly tenant: string
  /** Events a minute. */
  readonly rate: number
  /** Of all events, from 0 to 1. */
  readonly share: number
  /** Whether it sends far more than it did before, or whether that is not known. */
  readonly isNew: boolean
}

/** Whole minutes that are looked at, and how many of them have to be known. */
const recent = 5
const known = 3

/** A flood has so many events a minute, this share of all, and so many times the events of another tenant. */
const minRate = 30
const minShare = 0.5
const timesOthers = 10

/** Other tenants that have to send, so that there is something to compare with. */
const minOthers = 2

/** A rate is new if it is so many times the usual one, which needs so many minutes to be known. */
const timesUsual = 3
const minutesOfUsual = 10

/** @param minutes the oldest first */
export function floodOf(minutes: readonly Minute[], now: Date): Flood | undefined {
  const [current, begin] = [minuteOf(now), minuteOf(new Date(now.getTime() - recent * 60_000))]
  const last = minutes.filter(({ at }) => at >= begin && at < current)
  if (last.length < known) return undefined
  const sums = sumsOf(last)
  const [first, ...others] = [...sums].sort(([, one], [, other]) => other - one)
  if (first === undefined || others.length < minOthers) return undefined
  const [tenant, count] = first
  const ofOthers = others.reduce((sum, [, one]) => sum + one, 0)
  const [rate, share] = [count / last.length, count / (count + ofOthers)]
  const isFlood =
    rate >= minRate && share >= minShare && count >= (timesOthers * ofOthers) / others.length
  if (!isFlood) return undefined
  const before = minutes.filter(({ at }) => at < begin).map(({ events }) => events[tenant] ?? 0)
  const isNew = before.length < minutesOfUsual || rate >= timesUsual * medianOf(before)
  return { tenant, rate: Math.round(rate), share, isNew }
}

function sumsOf(minutes: readonly Minute[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { events } of minutes) {
    for (const [tenant, count] of Object.entries(events))
      sums.set(tenant, (sums.get(tenant) ?? 0) + count)
  }
  return sums
}

function medianOf(counts: readonly number[]): number {
  return counts.toSorted((one, other) => one - other)[Math.floor(counts.length / 2)] ?? 0
}
