import { describe, expect, it } from '@jest/globals'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import { isRaised, type Series } from '../../support/alarm-state.ts'
import { cellOf } from '../../support/cell.ts'
import { evaluate } from '../../support/metric-math.ts'

// biome-ignore lint/suspicious/noExplicitAny: an alarm of the template.
type Alarm = any
interface Metric {
  readonly name: string
  readonly dimension: string
}

const { resources } = cellOf([{ id: 'acme', locale: 'ru', cell: 'main', events: eventTypes }])
const alarms = new Map<string, Alarm>(
  Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::CloudWatch::Alarm' ? [[id, Properties] as const] : [],
  ),
)
const ids = [...alarms.keys()]
/** Minutes after the last change in which an alarm is looked at. */
const horizon = 60

function metricsOf(id: string): Metric[] {
  const { Metrics, ...single } = alarms.get(id)
  const stats = Metrics ? Metrics.flatMap((one: Alarm) => one.MetricStat?.Metric ?? []) : [single]
  return stats.map(({ MetricName, Dimensions }: Alarm) => ({
    name: MetricName,
    dimension: Dimensions.find(({ Name }: Alarm) => Name !== 'service').Value,
  }))
}

/** A series over `minutes`, whose points arrive `late` minutes after the end of their own. */
function series(
  metric: Metric,
  minutes: number,
  valueAt: (minute: number) => number | undefined,
  late = 1,
): Series {
  const points = Array.from({ length: minutes }, (_, minute) => ({
    minute,
    value: valueAt(minute),
  }))
  return {
    ...metric,
    points: points.flatMap(({ minute, value }) =>
      value === undefined ? [] : [{ minute, value, arrives: minute + 1 + late }],
    ),
  }
}

/** The first minute in which the alarm is raised. */
function raisedAt(id: string, all: readonly Series[], from = 0): number | undefined {
  const minutes = Array.from({ length: from + horizon }, (_, index) => index)
  return minutes.find((now) => now >= from && isRaised(alarms.get(id), all, now))
}

const deadLetters = ids.filter((id) => /Dlq|Quarantine/.test(id))
const everyDeadLetterQueue = deadLetters.flatMap((id) =>
  metricsOf(id).map((metric) => [metric.dimension, id, metric] as const),
)

describe('the evaluator', () => {
  const m0 = new Map([[1, 5]])
  const m1 = new Map([
    [1, 1],
    [2, 3],
  ])
  const scope = {
    metrics: new Map([
      ['m0', m0],
      ['m1', m1],
    ]),
    minutes: [1, 2, 3],
  }
  it.each([
    ['m0 + m1', [[1, 6]]],
    [
      'FILL(m0, 0) + FILL(m1, 0)',
      [
        [1, 6],
        [2, 3],
        [3, 0],
      ],
    ],
    [
      'MAX(METRICS())',
      [
        [1, 5],
        [2, 3],
      ],
    ],
    [
      'SUM(METRICS())',
      [
        [1, 6],
        [2, 3],
      ],
    ],
    [
      'IF(m1 > 2, 100 * (m1) / (m1 + 1), 0)',
      [
        [1, 0],
        [2, 75],
      ],
    ],
    ['DIFF(m1)', [[2, 2]]],
  ])('computes %s', (expression, points) => {
    expect([...evaluate(expression, scope)].sort()).toEqual(points)
  })
})

describe('a dead letter', () => {
  it.each(everyDeadLetterQueue)(
    'in %s is seen within five minutes of its metric, which is 15 minutes late after an idle time',
    (_, id, watched) => {
      const deadLetter = series(watched, 90, (minute) => (minute < 30 ? undefined : 1), 15)
      const neighbours = metricsOf(id)
        .filter(({ dimension }) => dimension !== watched.dimension)
        .map((metric) => series(metric, 90, () => 0))
      const arrives = 30 + 1 + 15
      const seen = raisedAt(id, [deadLetter, ...neighbours], 30)
      expect(seen).toBeGreaterThanOrEqual(arrives)
      expect(seen).toBeLessThanOrEqual(arrives + 5)
    },
  )

  it.each(deadLetters)('keeps %s raised though its metric comes every fifth minute only', (id) => {
    const [watched] = metricsOf(id) as [Metric]
    const sparse = series(watched, 120, (minute) => (minute % 5 === 0 ? 1 : undefined), 2)
    for (let now = 30; now < 110; now += 1)
      expect(isRaised(alarms.get(id), [sparse], now)).toBe(true)
  })

  it.each(deadLetters)('is over for %s within half an hour of its removal', (id) => {
    const [watched] = metricsOf(id) as [Metric]
    const removed = series(watched, 120, (minute) => (minute < 30 ? 1 : 0))
    expect(isRaised(alarms.get(id), [removed], 30)).toBe(true)
    expect(raisedAt(id, [removed], 60)).toBeUndefined()
  })
})

/** Values that an alarm has to notice, minute by minute, by the metric's name. */
const faults: Readonly<Record<string, (minute: number, threshold: number) => number>> = {
  ApproximateNumberOfMessagesVisible: () => 1,
  ApproximateAgeOfOldestMessage: (minute, threshold) => threshold + 60 * minute,
  BrokerBacklog: (minute) => 20_000 + 100 * minute,
  TransientFailures: () => 20,
  PermanentFailures: () => 20,
  UncertainDeliveries: () => 20,
  Expired: () => 20,
  SenderFailures: () => 20,
  Drains: () => 0,
}

describe('a dead letter that SQS is about to delete', () => {
  const aged = ids.filter((id) => id.startsWith('Aged'))
  it.each(aged)('raises %s after ten days', (id) => {
    const [watched] = metricsOf(id) as [Metric]
    const ages = (start: number) => series(watched, 90, (minute) => start + 60 * minute, 0)
    expect(raisedAt(id, [ages(10 * 86_400 - 60 * 60)], 30)).toBe(62)
    expect(raisedAt(id, [ages(9 * 86_400)])).toBeUndefined()
  })
})

describe('each alarm', () => {
  it.each(ids)('%s is raised by each of its metrics, though they are late', (id) => {
    const { Threshold, Metrics } = alarms.get(id)
    const query = /SUM\((\w+)\) FROM/.exec(Metrics?.[0].Expression ?? '')?.[1]
    const metrics = query ? [{ name: query, dimension: 'rule' }] : metricsOf(id)
    for (const watched of metrics.filter(({ name }) => name !== 'Sent')) {
      const valueAt = faults[watched.name] ?? (() => 1)
      const late = /^Approximate/.test(watched.name) ? 15 : 3
      const fault = series(watched, 90, (minute) => valueAt(minute, Threshold), late)
      const healthy = metrics
        .filter((metric) => metric !== watched)
        .map((metric) => series(metric, 90, () => 0))
      expect([watched, raisedAt(id, [fault, ...healthy], 30)]).not.toEqual([watched, undefined])
    }
  })

  it.each(ids)('%s stays quiet while nothing is wrong', (id) => {
    const healthyValue = (name: string) => (name === 'Drains' || name === 'Sent' ? 1 : 0)
    const healthy = metricsOf(id).map((metric) =>
      series(metric, 90, () => healthyValue(metric.name), 2),
    )
    expect(raisedAt(id, healthy, 30)).toBeUndefined()
  })

  it.each(ids)('%s without any data is raised only if it waits for drains', (id) => {
    const raised = raisedAt(id, [], 30) !== undefined
    expect(raised).toBe(id === 'NoDrainAlarm')
  })
})
