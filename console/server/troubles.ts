import type { Fault } from './fault.ts'
import { floodOf } from './flood.ts'
import { isLate, triesOf } from './late.ts'
import { knownRates, type Observed } from './observed.ts'
import type { PassingEvent } from './passing.ts'
import type { Level, Way } from './ways.ts'

export interface Trouble {
  readonly level: Level
  /** A way's id, `quarantine`, or `console`. */
  readonly where: string
  readonly why:
    | 'dead-letters'
    | 'quarantined'
    | 'stuck'
    | 'slow'
    | 'failing'
    | 'late'
    | 'flood'
    | 'unknown'
  readonly count?: number
  /** There are more than `count`. */
  readonly isMore?: boolean
  readonly tenant?: string
  /** Of all events, from 0 to 1. */
  readonly share?: number
  /** ISO 8601. */
  readonly since?: string
  /** The next try, and the last of those that are to come (ISO 8601). */
  readonly nextAt?: string
  readonly lastAt?: string | undefined
  /** A provider's answer. */
  readonly reason?: string | undefined
  readonly fault?: Fault
}

interface Ways {
  readonly handlers: readonly Way[]
  readonly channels: readonly Way[]
  /** Messages in quarantine. */
  readonly quarantine?: number
}

/** Numbers of troubles, by their kind. */
export type TroubleCounts = Readonly<Partial<Record<Trouble['why'], number>>>

/** Troubles that a page gets: one fault can cause one for each tenant. */
const maxShown = 20

/** The worst, with one of each kind at least; and how many others there are. */
export function worstOf(troubles: readonly Trouble[]): {
  readonly troubles: readonly Trouble[]
  readonly moreTroubles?: TroubleCounts
} {
  if (troubles.length <= maxShown) return { troubles }
  const kinds = new Map(troubles.toReversed().map((trouble) => [trouble.why, trouble]))
  const first = new Set(kinds.values())
  const others = troubles.filter((trouble) => !first.has(trouble))
  const shown = new Set([...first, ...others.slice(0, Math.max(0, maxShown - first.size))])
  const counts = Map.groupBy(
    troubles.filter((trouble) => !shown.has(trouble)),
    ({ why }) => why,
  )
  const more = [...counts].map(([why, of]) => [why, of.length] as const)
  return {
    troubles: troubles.filter((trouble) => shown.has(trouble)),
    moreTroubles: Object.fromEntries(more),
  }
}

/** Seconds of waiting after which a queue counts as slow, and as stuck. The bridge drains every minute. */
const slowAfter = 120
const stuckAfter = 300

/** @returns the worst first */
export function troublesOf(
  { handlers, channels, quarantine = 0 }: Ways,
  broker: readonly Way[] = [],
  observed: Observed,
): Trouble[] {
  const { at, faults } = observed
  const ways = [...broker, ...handlers, ...channels]
  const dead = ways.filter((way) => (way.dead ?? 0) > 0).sort(byDead)
  const waiting = ways.toSorted(bySince)
  const owned = new Set(broker.filter(({ pooled }) => pooled === undefined))
  const whose = (way: Way) => (owned.has(way) ? { tenant: way.id } : {})
  const failing = channels.flatMap(({ id }): Trouble[] => {
    const isFailure = ({ type, result }: PassingEvent) =>
      result?.channel === id && type === 'notification.failed'
    return Object.entries(knownRates(observed, isFailure).rates ?? {}).map(([tenant, count]) => {
      return { level: 'warn', where: id, why: 'failing', count, tenant }
    })
  })
  const troubles: Trouble[] = [
    ...faults.map((fault): Trouble => {
      return { level: 'red', where: 'console', why: 'unknown', fault }
    }),
    ...dead.map((way): Trouble => {
      return {
        level: 'red',
        where: way.id,
        why: 'dead-letters',
        count: way.dead ?? 0,
        ...whose(way),
      }
    }),
    ...(quarantine > 0
      ? [{ level: 'red', where: 'quarantine', why: 'quarantined', count: quarantine } as const]
      : []),
    ...waiting.flatMap((way): Trouble[] => {
      const seconds = way.since ? (at.getTime() - Date.parse(way.since)) / 1000 : 0
      const { id: where, waiting: count = 0 } = way
      const trouble = { where, count, ...whose(way) }
      if (seconds >= stuckAfter) return [{ ...trouble, level: 'red', why: 'stuck' }]
      return seconds >= slowAfter ? [{ ...trouble, level: 'warn', why: 'slow' }] : []
    }),
    ...failing,
    ...lateTroubles(observed),
  ]
  const all = [...troubles, ...floodTroubles(observed, troubles)]
  return all.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
}

const byDead = ({ dead: one = 0 }: Way, { dead: other = 0 }: Way) => other - one

const bySince = ({ since: one = '' }: Way, { since: other = '' }: Way) => one.localeCompare(other)

/** The gravest first. */
const levels: readonly Level[] = ['red', 'warn', 'note']

function lateTroubles({ late = [], at }: Observed): Trouble[] {
  return late
    .filter((one) => isLate(one, at))
    .map((one) => {
      const { channel: where, next: _, ...about } = one
      return { level: 'warn', where, why: 'late', ...about, ...triesOf(one, at) }
    })
}

/** A tenant that always sends most is no trouble, unless its queues are late too. */
function floodTroubles({ minutes, at }: Observed, troubles: readonly Trouble[]): Trouble[] {
  const flood = floodOf(minutes, at)
  if (flood === undefined) return []
  const { tenant, rate: count, share, isNew } = flood
  const isHard = isNew || troubles.some(({ why }) => why === 'slow' || why === 'stuck')
  return [{ level: isHard ? 'warn' : 'note', where: tenant, why: 'flood', tenant, count, share }]
}
