import type { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { expect, it } from '@jest/globals'
import { createMetricReader } from '../../../lib/aws/metric-reader.ts'
import { ourMetric } from '../../../lib/tenants/template/metric.ts'

const from = new Date('2026-11-28T10:00:00Z')
const buckets = { from, to: new Date('2026-11-28T10:03:00Z'), period: 60 }
const minute = (at: number) => new Date(from.getTime() + at * 60_000)

it('reads more metrics than a call takes, on all pages, and knows no value where there is none', async () => {
  const sent: object[] = []
  const send = async ({ input }: GetMetricDataCommand) => {
    sent.push({ queries: input.MetricDataQueries?.length, page: input.NextToken })
    if (input.NextToken === undefined) {
      const Timestamps = [minute(2), minute(0)]
      return { NextToken: 'next', MetricDataResults: [{ Id: 'm0', Timestamps, Values: [2, 0] }] }
    }
    return { MetricDataResults: [{ Id: 'm0', Timestamps: [minute(1)], Values: [1] }] }
  }
  const read = createMetricReader({ send } as never)
  const metrics = Array.from({ length: 501 }, () => ourMetric('Bridged', { cell: 'main' }))
  const values = await read(metrics, buckets)
  expect(sent).toEqual([
    { queries: 500 },
    { queries: 500, page: 'next' },
    { queries: 1 },
    { queries: 1, page: 'next' },
  ])
  expect([values[0], values[1], values[500]]).toEqual([
    [0, 1, 2],
    [undefined, undefined, undefined],
    [0, 1, 2],
  ])
})

it('asks for a metric as it is written', async () => {
  let asked: unknown
  const send = async ({ input }: GetMetricDataCommand) => {
    asked = input
    return {}
  }
  const metric = ourMetric('DeliveredIn', { cell: 'main', channel: 'email' }, 'p95')
  await createMetricReader({ send } as never)([metric], buckets)
  expect(asked).toEqual({
    MetricDataQueries: [
      {
        Id: 'm0',
        MetricStat: {
          Metric: {
            Namespace: 'ecos-eventbridge',
            MetricName: 'DeliveredIn',
            Dimensions: [
              { Name: 'service', Value: 'ecos-eventbridge' },
              { Name: 'cell', Value: 'main' },
              { Name: 'channel', Value: 'email' },
            ],
          },
          Period: 60,
          Stat: 'p95',
        },
      },
    ],
    StartTime: buckets.from,
    EndTime: buckets.to,
  })
})
