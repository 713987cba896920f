import type { Metric } from '../tenants/template/metric.ts'

/** A range of time in buckets of equal length; `from` and `to` are multiples of it. */
export interface Buckets {
  readonly from: Date
  readonly to: Date
  /** Seconds. */
  readonly period: number
}

/** The values of a metric, one for each bucket; undefined where there is no data point. */
export type MetricValues = readonly (number | undefined)[]

/** Reads metrics of CloudWatch, in the order in which they are given. */
export type ReadMetrics = (
  metrics: readonly Metric[],
  buckets: Buckets,
) => Promise<readonly MetricValues[]>

export function bucketCount({ from, to, period }: Buckets): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000 / period))
}
