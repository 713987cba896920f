import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import type { QueueCount } from '../../lib/operations/cell-view.ts'
import type { Fault } from './fault.ts'
import type { Late } from './late.ts'
import { type Minute, minuteOf } from './minutes.ts'
import type { PassingEvent } from './passing.ts'
import { type Rates, ratesOf, type Traffic } from './traffic.ts'

/** Messages in a queue at the broker: a tenant's or a pool's. */
export interface Backlog {
  /** The tenant, or the name of the pool's queue. */
  readonly tenant: string
  /** The tenants of a pool. */
  readonly pooled?: readonly string[]
  readonly waiting: number
  /** Messages in the broker's dead-letter queue. */
  readonly dead: number
  /** The dead-letter queues of a pool that hold messages. */
  readonly deadLetterQueues?: readonly string[]
}

/** Since when a queue was never seen empty (ISO 8601), by its name. */
export type Since = Readonly<Record<string, string>>

/** The time of the latest answer of each part. */
export interface AsOf<Time> {
  readonly queues?: Time
  readonly broker?: Time
  readonly events?: Time
  /** Of what waits after a failed try. */
  readonly late?: Time
}

/** The state of a cell at one moment. */
export interface Observed {
  readonly cell: string
  readonly at: Date
  readonly tenants: readonly string[]
  readonly types: readonly EventType[]
  /** Undefined before the first answer. */
  readonly queues: readonly QueueCount[] | undefined
  /** Undefined without AMQP_URL and TENANTS_FILE. */
  readonly backlogs: readonly Backlog[] | undefined
  /** When each part was answered last; absent before its first answer. */
  readonly asOf: AsOf<Date>
  readonly since: Since
  readonly traffic: Traffic
  /** What waits after a failed try; undefined before the first answer. */
  readonly late?: readonly Late[] | undefined
  /** The oldest first. */
  readonly minutes: readonly Minute[]
  /** Questions without an answer. */
  readonly faults: readonly Fault[]
}

/**
 * Counts the last minute before the latest answer: what passed later is not known yet. That nothing passed is
 * not known before the console has watched since the minute before.
 */
export function knownRates(
  { traffic, asOf, minutes }: Observed,
  isMeant: (event: PassingEvent) => boolean,
): { rates?: Rates } {
  const { events } = asOf
  if (!events) return {}
  const rates = ratesOf(traffic, events, isMeant)
  const before = minuteOf(new Date(events.getTime() - 60_000))
  const isWatched = minutes.some(({ at }) => at === before)
  return isWatched || Object.keys(rates).length > 0 ? { rates } : {}
}

/** Milliseconds between two looks after which a queue may have been empty unseen. */
const longPause = 30_000

/** Nobody looks while no page is open: what waits afterwards need not be what waited before. */
export function sinceAt(last: Pick<Observed, 'at' | 'since'> | undefined, now: Date): Since {
  return last && now.getTime() - last.at.getTime() < longPause ? last.since : {}
}

/** Adds queues in which messages wait now; drops those that are empty. */
export function sinceOf(
  previous: Since,
  queues: readonly QueueCount[] | undefined,
  backlogs: readonly Backlog[] | undefined,
  now: Date,
): Since {
  const waiting = [
    ...(queues ?? []).filter((queue) => queue.waiting > 0).map(({ name }) => name),
    ...(backlogs ?? [])
      .filter((backlog) => backlog.waiting > 0)
      .map(({ tenant }) => `broker ${tenant}`),
  ]
  return Object.fromEntries(waiting.map((name) => [name, previous[name] ?? now.toISOString()]))
}

/** Event types in the catalogue's order. */
export function typesAmong(types: readonly string[]): EventType[] {
  return eventTypes.filter((type) => types.includes(type))
}
