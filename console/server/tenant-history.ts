import { type Buckets, bucketCount, type ReadMetrics } from '../../lib/operations/metric-history.ts'
import type { ReadTenantCounts, TenantCounts } from '../../lib/operations/tenant-counts.ts'
import type { Chart, History, Series, Value } from './history.ts'
import { runMetric } from './history-series.ts'

/** A history whose lines are tenants. */
export interface TenantHistory extends History {
  /** Whether the least busy tenants were left out. */
  readonly isCut: boolean
}

const names = ['events', 'deliveries', 'failures'] as const

/** Lines of a chart that the page gets, the busiest tenants. */
const maxLines = 50

/** The counts of each tenant; 0 where the bridge ran and wrote none, unknown where nothing was written at all. */
export async function tenantHistoryOf(
  cell: string,
  buckets: Buckets,
  read: { readonly tenantCounts: ReadTenantCounts; readonly metrics: ReadMetrics },
): Promise<TenantHistory> {
  const [answer, [runs = []]] = await Promise.all([
    read.tenantCounts(cell, buckets),
    read.metrics([runMetric(cell)], buckets),
  ])
  const placeOf = (at: Date) =>
    Math.floor((at.getTime() - buckets.from.getTime()) / 1000 / buckets.period)
  const written = new Set(answer.counts.map(({ at }) => placeOf(at)))
  const isSeen = Array.from(
    { length: bucketCount(buckets) },
    (_, bucket) => runs[bucket] !== undefined || written.has(bucket),
  )
  return {
    from: buckets.from.toISOString(),
    to: buckets.to.toISOString(),
    period: buckets.period,
    known: isSeen.filter(Boolean).length / Math.max(1, isSeen.length),
    isCut: answer.isCut,
    charts: names.map((name) => chartOf(name, answer, isSeen, placeOf)),
  }
}

function chartOf(
  name: (typeof names)[number],
  { counts }: TenantCounts,
  isSeen: readonly boolean[],
  placeOf: (at: Date) => number,
): Chart {
  const lineOf = (sums: ReadonlyMap<number, number>): Omit<Series, 'name'> => {
    const values = isSeen.map((seen, bucket): Value => (seen ? (sums.get(bucket) ?? 0) : null))
    const now = values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null)
    return { values, now, before: null }
  }
  const sumsOf = (some: TenantCounts['counts']) => {
    const sums = new Map<number, number>()
    for (const count of some) {
      const bucket = placeOf(count.at)
      sums.set(bucket, (sums.get(bucket) ?? 0) + count[name])
    }
    return sums
  }
  const series = [...Map.groupBy(counts, ({ tenant }) => tenant)]
    .map(([tenant, some]) => ({ name: tenant, ...lineOf(sumsOf(some)) }))
    .filter(({ now }) => (now ?? 0) > 0)
    .sort((a, b) => (b.now ?? 0) - (a.now ?? 0))
  return {
    name,
    unit: 'count',
    series: series.slice(0, maxLines),
    whole: lineOf(sumsOf(counts)),
  }
}
