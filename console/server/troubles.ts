import type { Fault } from './fault.ts'
import { floodOf } from './flood.ts'
import { isLate } from './late.ts'
import { knownRates, type Observed } from './observed.ts'
import type { PassingEvent } from './passing.ts'
import type { Way } from './ways.ts'

export interface Trouble {
  /** A `note` is worth knowing and no trouble. */
  readonly level: 'red' | 'warn' | 'note'
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

/** Seconds of waiting after which a queue counts as slow, and as stuck. The bridge drains every minute. */
const slowAfter = 120
const stuckAfter = 300

export function troublesOf(
  { handlers, channels, quarantine = 0 }: Ways,
  broker: readonly Way[] = [],
  observed: Observed,
): Trouble[] {
  const { at, faults } = observed
  const ways = [...broker, ...handlers, ...channels]
  const dead = ways.filter((way) => (way.dead ?? 0) > 0)
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
    ...ways.flatMap((way): Trouble[] => {
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

/** The gravest first. */
const levels: readonly Trouble['level'][] = ['red', 'warn', 'note']

function lateTroubles({ late = [], at }: Observed): Trouble[] {
  return late
    .filter((one) => isLate(one, at))
    .map(({ channel: where, ...one }) => ({ level: 'warn', where, why: 'late', ...one }))
}

/** A tenant that always sends most is no trouble, unless its queues are late too. */
function floodTroubles({ minutes, at }: Observed, troubles: readonly Trouble[]): Trouble[] {
  const flood = floodOf(minutes, at)
  if (flood === undefined) return []
  const { tenant, rate: count, share, isNew } = flood
  const isHard = isNew || troubles.some(({ why }) => why === 'slow' || why === 'stuck')
  return [{ level: isHard ? 'warn' : 'note', where: tenant, why: 'flood', tenant, count, share }]
}
