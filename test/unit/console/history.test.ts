import { describe, expect, it } from '@jest/globals'
import { type History, historyOf } from '../../../console/server/history.ts'
import { seriesMetrics } from '../../../console/server/history-series.ts'
import { bucketsOf, rangeQuery } from '../../../console/server/time-range.ts'
import type { MetricValues, ReadMetrics } from '../../../lib/operations/metric-history.ts'
import type { Metric } from '../../../lib/tenants/template/metric.ts'

const at = (time: string) => new Date(`2026-11-28T${time}Z`)

/** Two buckets of the range before, and two of the range. */
const buckets = { from: at('10:02:00'), to: at('10:04:00'), period: 60 }

type Row = MetricValues
const unknown: Row = [undefined, undefined, undefined, undefined]

/** A metric by its name and what its dimensions name. */
function keyOf({ name, dimensions }: Metric): string {
  const { type, channel, QueueName } = dimensions
  return [name, type ?? channel ?? QueueName].filter(Boolean).join(' ')
}

async function chartsOf(rows: Readonly<Record<string, Row>>) {
  const read: ReadMetrics = async (metrics, asked) => {
    expect(asked).toEqual({ ...buckets, from: at('10:00:00') })
    return metrics.map((metric) => rows[keyOf(metric)] ?? unknown)
  }
  const history = await historyOf('main', read, buckets)
  const chart = (name: History['charts'][number]['name']) =>
    history.charts.find((one) => one.name === name)
  return { history, chart }
}

describe('the history of a cell', () => {
  const runs: Row = [1, 1, 1, 1]

  it('adds the outcomes of a type, and compares with the time before', async () => {
    const { chart } = await chartsOf({
      Drains: runs,
      'EventsHandled task.create': [1, 2, 3, undefined],
      'RecipientsNotFound task.create': [undefined, undefined, 1, 1],
      'EventsHandled comment.added': [undefined, undefined, undefined, 9],
    })
    expect(chart('events')).toEqual({
      name: 'events',
      unit: 'count',
      series: [
        { name: 'comment.added', values: [0, 9], now: 9, before: 0 },
        { name: 'task.create', values: [4, 1], now: 5, before: 3 },
      ],
      whole: { values: [4, 10], now: 14, before: 3 },
    })
  })

  it('shows no zero for a time in which nobody counted', async () => {
    const { history, chart } = await chartsOf({
      Drains: [undefined, undefined, undefined, 1],
      'Sent email': [undefined, undefined, undefined, 2],
    })
    expect(history.known).toBe(0.5)
    expect(chart('events')?.whole).toEqual({ values: [null, 0], now: 0, before: null })
    expect(chart('deliveries')?.whole).toEqual({ values: [null, 2], now: 2, before: null })
    // A queue of which SQS publishes nothing may hold anything.
    expect(chart('waiting')?.whole).toEqual({ values: [null, null], now: null, before: null })
  })

  it('compares counts with no time that is known in part alone', async () => {
    const { chart } = await chartsOf({
      Drains: [undefined, 1, 1, 1],
      'Sent email': [undefined, 1, 1, 1],
    })
    expect(chart('deliveries')?.whole).toEqual({ values: [1, 1], now: 2, before: null })
  })

  it('adds up what waits, and takes the oldest of all queues', async () => {
    const depth = 'ApproximateNumberOfMessagesVisible ecos-main-'
    const age = 'ApproximateAgeOfOldestMessage ecos-main-'
    const { chart } = await chartsOf({
      BrokerBacklog: [5, 0, 0, 7],
      [`${depth}task-create`]: [undefined, undefined, 3, 1],
      [`${age}task-create`]: [2, 4, 8, 6],
      [`${age}email`]: [9, 1, 1, undefined],
      [`${depth}email-dlq`]: [0, 0, 1, 1],
    })
    expect(chart('waiting')).toMatchObject({
      series: [{ name: 'broker' }, { name: 'task.create', values: [3, 1], now: 3, before: null }],
      whole: { values: [3, 8], now: 8, before: 5 },
    })
    expect(chart('oldest')).toMatchObject({
      unit: 'seconds',
      whole: { values: [8, 6], now: 8, before: 9 },
    })
    expect(chart('dead')?.series).toMatchObject([{ name: 'email', now: 1, before: 0 }])
  })

  it('counts dead letters that somebody reads, and no part of one', async () => {
    const name = (kind: string) => `ApproximateNumberOfMessages${kind} ecos-main-email-dlq`
    const { chart } = await chartsOf({
      [name('Visible')]: [3333, 3333, 1299.7, 0.2],
      [name('NotVisible')]: [0, undefined, 2033.3, 0],
    })
    expect(chart('dead')?.series).toMatchObject([{ name: 'email', values: [3333, 1] }])
    const statistics = seriesMetrics('main').flatMap(({ chart: of, metric }) =>
      of === 'dead' && metric.namespace === 'AWS/SQS' ? metric.statistic : [],
    )
    expect(new Set(statistics)).toEqual(new Set(['Average']))
  })

  it('asks for few enough metrics to be cheap', () => {
    const metrics = seriesMetrics('main').map(({ metric }) => metric)
    expect(metrics.length).toBeLessThan(150)
    expect(new Set(metrics.map(keyOf)).size).toBe(metrics.length)
  })
})

describe('a range of time', () => {
  const now = at('10:04:37')
  const ask = (query: object) => bucketsOf(rangeQuery.parse(query), now)

  it.each([
    [{}, '2026-11-28T09:04:00.000Z', '2026-11-28T10:04:00.000Z', 60],
    [{ range: '24h' }, '2026-11-27T10:00:00.000Z', '2026-11-28T10:00:00.000Z', 300],
    [{ range: '7d' }, '2026-11-21T10:00:00.000Z', '2026-11-28T10:00:00.000Z', 3600],
    [{ range: '30d' }, '2026-10-29T08:00:00.000Z', '2026-11-28T08:00:00.000Z', 14400],
  ])('%j has whole buckets alone', (query, from, to, period) => {
    expect(ask(query)).toEqual({ from: new Date(from), to: new Date(to), period })
  })

  it('takes wider buckets where CloudWatch no longer keeps minutes', () => {
    const own = (from: string, to: string) => ask({ range: 'own', from, to }).period
    expect(own('2026-11-28T08:00:00Z', '2026-11-28T09:00:00Z')).toBe(60)
    expect(own('2026-11-08T08:00:00Z', '2026-11-08T09:00:00Z')).toBe(300)
    expect(own('2026-09-01T08:00:00Z', '2026-09-01T09:00:00Z')).toBe(3600)
  })

  it.each([
    ['within a minute', '09:00:10', '09:00:50', '09:00:00', '09:01:00'],
    ['over its end', '09:00:50', '09:01:10', '09:00:00', '09:02:00'],
    ['of which nothing is over', '10:04:10', '11:00:00', '10:03:00', '10:04:00'],
  ])('has a bucket at least: %s', (_, from, to, first, last) => {
    const iso = (time: string) => at(time).toISOString()
    const own = ask({ range: 'own', from: iso(from), to: iso(to) })
    expect(own).toEqual({ from: at(first), to: at(last), period: 60 })
  })

  it.each([
    { range: 'own', from: '2026-11-28T09:00:00Z', to: '2026-11-28T09:00:00Z' },
    { range: 'own', from: '2026-11-28T11:00:00Z', to: '2026-11-28T12:00:00Z' },
    { range: 'own', from: '2026-01-01T09:00:00Z', to: '2026-11-28T09:00:00Z' },
  ])('is refused: %j', (query) => {
    expect(() => ask(query)).toThrow('a range of up to 92 days')
  })
})
