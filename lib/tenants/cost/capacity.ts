import { counts, dollarsPerMillion, type Profile } from './counts.ts'
import { archiveDollars, millisecondsOfMessage } from './prices.ts'

/** The settings of a cell that bound its events. */
export interface CapacitySettings {
  /** Copies of each function. */
  readonly maximumConcurrency: number
  readonly maxPutEventsPerSecond: number
}

/** As serverless.yml has them; a test holds them together. */
export const defaultCapacity: CapacitySettings = {
  maximumConcurrency: 4,
  maxPutEventsPerSecond: 400,
}

/** A part of a cell that ends at some rate. */
export interface Bound {
  readonly part: string
  /** Events a second with two notifications each, where the part ends. */
  readonly eventsPerSecond: number
  /** PutEvents calls a second that they make, in full batches. */
  readonly callsPerSecond: number
  /** What to raise then. */
  readonly raise: string
}

/** Notifications of an event, as `counts` has them. */
const notificationsOfEvent = 2
/** Entries of a PutEvents call (API reference). */
const entriesOfCall = 10
/** Writes a second of an on-demand table (DynamoDB quotas; adjustable). */
const maxTableWrites = 40_000

/** The parts of a cell in the order in which they give out: docs/scale.md explains each. */
export function boundsOf(settings: CapacitySettings): Bound[] {
  const { maximumConcurrency, maxPutEventsPerSecond } = settings
  const perFunction = (maximumConcurrency * 1000) / millisecondsOfMessage
  // The turns are in the table of rates.
  const writes = sum(({ unit, group }) => unit === 'dynamodb-write' && group !== 'turns', 'inTens')
  const parts = [
    ['handler of a type', perFunction, 'maximumConcurrency'],
    ['sender of a channel', perFunction / notificationsOfEvent, 'maximumConcurrency'],
    ['notifications table', maxTableWrites / writes, "the table's quota of writes"],
    ['PutEvents calls', maxPutEventsPerSecond * entriesOfCall, 'maxPutEventsPerSecond'],
  ] as const
  return parts
    .map(([part, rate, raise]) => {
      const eventsPerSecond = Math.floor(rate)
      return { part, eventsPerSecond, callsPerSecond: eventsPerSecond / entriesOfCall, raise }
    })
    .sort((one, other) => one.eventsPerSecond - other.eventsPerSecond)
}

/** Dollars of a million events with two notifications each. */
export function eventDollars(profile: Profile): number {
  const dollars = counts.map((count) => dollarsPerMillion(count, profile))
  return dollars.reduce((total, one) => total + one, archiveDollars)
}

function sum(isOf: (count: (typeof counts)[number]) => boolean, profile: Profile): number {
  return counts.filter(isOf).reduce((total, count) => total + count[profile], 0)
}
