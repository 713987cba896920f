import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch'
import { type Buckets, bucketCount, type ReadMetrics } from '../operations/metric-history.ts'
import type { Metric } from '../tenants/template/metric.ts'
import { createClient } from './client.ts'

/** Queries in a call (CloudWatch API reference, GetMetricData). */
const maxQueries = 500

/** Reads metrics with GetMetricData. An AWS charge for each metric that is asked for: docs/cost.md. */
export function createMetricReader(
  client: Pick<CloudWatchClient, 'send'> = createClient(CloudWatchClient),
): ReadMetrics {
  return async (metrics, buckets) => {
    const values = metrics.map(() =>
      new Array<number | undefined>(bucketCount(buckets)).fill(undefined),
    )
    for (let first = 0; first < metrics.length; first += maxQueries) {
      const some = metrics.slice(first, first + maxQueries)
      for await (const result of resultsOf(client, some, buckets)) {
        const row = values[first + Number(result.Id?.slice(1))]
        if (row) fill(row, result, buckets)
      }
    }
    return values
  }
}

async function* resultsOf(
  client: Pick<CloudWatchClient, 'send'>,
  metrics: readonly Metric[],
  { from: StartTime, to: EndTime, period }: Buckets,
): AsyncGenerator<MetricDataResult> {
  const MetricDataQueries = metrics.map((metric, index) => queryOf(metric, index, period))
  let NextToken: string | undefined
  do {
    const command = { MetricDataQueries, StartTime, EndTime, ...(NextToken && { NextToken }) }
    const answer = await client.send(new GetMetricDataCommand(command))
    yield* answer.MetricDataResults ?? []
    NextToken = answer.NextToken
  } while (NextToken !== undefined)
}

function queryOf(
  { namespace, name, dimensions, statistic }: Metric,
  index: number,
  Period: number,
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  const Metric = { Namespace: namespace, MetricName: name, Dimensions }
  return { Id: `m${index}`, MetricStat: { Metric, Period, Stat: statistic } }
}

function fill(
  row: (number | undefined)[],
  { Timestamps = [], Values = [] }: MetricDataResult,
  { from, period }: Buckets,
): void {
  for (const [index, time] of Timestamps.entries()) {
    const bucket = Math.floor((time.getTime() - from.getTime()) / 1000 / period)
    if (bucket >= 0 && bucket < row.length) row[bucket] = Values[index]
  }
}
