import { type Buckets, bucketCount, type ReadMetrics } from '../../lib/operations/metric-history.ts'
import type { Metric } from '../../lib/tenants/template/metric.ts'
import { type ChartName, chartNames, runMetric, seriesMetrics } from './history-series.ts'

/** A value of a bucket; null if it is not known. */
export type Value = number | null

/** One line of a chart. */
export interface Series {
  readonly name: string
  readonly values: readonly Value[]
  /** Of the whole range: the sum of counts, the maximum of the others. */
  readonly now: Value
  /** Of the range before, which is as long; null for a count of which less than `wholeShare` is known. */
  readonly before: Value
}

export interface Chart {
  readonly name: ChartName
  readonly unit: 'count' | 'seconds' | 'milliseconds'
  /** Lines with any data but zeros; the largest first. */
  readonly series: readonly Series[]
  /** All lines together: their sum, or the maximum of times. */
  readonly whole: Omit<Series, 'name'>
}

/** The metrics of a cell in a range of time, beside the range before. */
export interface History {
  /** ISO 8601. */
  readonly from: string
  readonly to: string
  /** Seconds of a bucket. */
  readonly period: number
  /** The share of the range in which the cell wrote metrics, from 0 to 1. */
  readonly known: number
  readonly charts: readonly Chart[]
}

/** A range that is known to less than that is compared with nothing. */
const wholeShare = 0.9

type Fold = (a: number, b: number) => number
const sum: Fold = (a, b) => a + b
const max: Fold = (a, b) => Math.max(a, b)

/** How the values of a chart's lines, and of its buckets, become one. */
const kinds: Readonly<Record<ChartName, { unit: Chart['unit']; lines: Fold; buckets: Fold }>> = {
  events: { unit: 'count', lines: sum, buckets: sum },
  deliveries: { unit: 'count', lines: sum, buckets: sum },
  failures: { unit: 'count', lines: sum, buckets: sum },
  waiting: { unit: 'count', lines: sum, buckets: max },
  oldest: { unit: 'seconds', lines: max, buckets: max },
  delivered: { unit: 'milliseconds', lines: max, buckets: max },
  dead: { unit: 'count', lines: sum, buckets: max },
}

/**
 * Reads twice the range, to compare it with the one before. A count that nobody wrote in a bucket is 0 if the
 * bridge ran then or anything else was counted, and unknown otherwise.
 */
export async function historyOf(
  cell: string,
  read: ReadMetrics,
  buckets: Buckets,
): Promise<History> {
  const span = buckets.to.getTime() - buckets.from.getTime()
  const both = { ...buckets, from: new Date(buckets.from.getTime() - span) }
  const parts = seriesMetrics(cell)
  const [runs = [], ...values] = await read(
    [runMetric(cell), ...parts.map(({ metric }) => metric)],
    both,
  )
  const count = bucketCount(both)
  const isSeen = bucketsWhere(count, (bucket) =>
    [runs, ...values.filter((_, index) => isOurs(parts[index]?.metric))].some(
      (row) => row[bucket] !== undefined,
    ),
  )
  const half = count / 2
  const shareBefore = shareOf(isSeen.slice(0, half))
  const rows = parts.map(({ chart, series, metric }, index) => {
    const isCount = isOurs(metric) && metric.statistic === 'Sum'
    const row = isSeen.map((seen, bucket): Value => {
      return values[index]?.[bucket] ?? (isCount && seen ? 0 : null)
    })
    return { chart, series, row }
  })
  return {
    from: buckets.from.toISOString(),
    to: buckets.to.toISOString(),
    period: buckets.period,
    known: shareOf(isSeen.slice(half)),
    charts: chartNames.map((name) => {
      const { unit, lines, buckets: fold } = kinds[name]
      const isCompared = fold !== sum || shareBefore >= wholeShare
      const ends = (row: Value[]) => {
        const { before, ...now } = halves(row, fold)
        return { ...now, before: isCompared ? before : null }
      }
      // Averages of messages are fractions; a message that was there for a while is not none.
      const linesOf = (some: Value[][]) => {
        const row = folded(some, lines, count)
        return unit === 'count' ? row.map(roundedUp) : row
      }
      const mine = rows.filter(({ chart }) => chart === name)
      const all = [...Map.groupBy(mine, ({ series }) => series)].map(([series, some]) => {
        return {
          name: series,
          ...ends(linesOf(some.map(({ row }) => row))),
        }
      })
      const whole = ends(linesOf(mine.map(({ row }) => row)))
      return { name, unit, series: all.filter(isBusy).sort(byNow), whole }
    }),
  }
}

function isOurs(metric: Metric | undefined): boolean {
  return metric !== undefined && !metric.namespace.startsWith('AWS/')
}

function shareOf(seen: readonly boolean[]): number {
  return seen.length === 0 ? 0 : seen.filter(Boolean).length / seen.length
}

function bucketsWhere(count: number, isSeen: (bucket: number) => boolean): boolean[] {
  return Array.from({ length: count }, (_, bucket) => isSeen(bucket))
}

/** Folds the values of each bucket; null only if all are unknown. */
function folded(rows: readonly (readonly Value[])[], fold: Fold, count: number): Value[] {
  return Array.from({ length: count }, (_, bucket) =>
    foldKnown(
      rows.map((row) => row[bucket] ?? null),
      fold,
    ),
  )
}

function roundedUp(value: Value): Value {
  // Sums of averages are a little off a whole number.
  return value === null ? null : Math.ceil(Math.round(value * 1000) / 1000)
}

function foldKnown(values: readonly Value[], fold: Fold): Value {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce(fold)
}

function halves(row: readonly Value[], fold: Fold): Omit<Series, 'name'> {
  const half = row.length / 2
  const values = row.slice(half)
  return { values, now: foldKnown(values, fold), before: foldKnown(row.slice(0, half), fold) }
}

function isBusy({ now, before }: Series): boolean {
  return (now ?? 0) > 0 || (before ?? 0) > 0
}

function byNow(a: Series, b: Series): number {
  return (b.now ?? 0) - (a.now ?? 0) || (b.before ?? 0) - (a.before ?? 0)
}
