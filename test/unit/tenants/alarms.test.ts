import { readFileSync } from 'node:fs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { functionTenants } from '../../../functions/shared/function-tenants.ts'
import { channelNames } from '../../../lib/channels/channel.ts'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import { metricNamespace, metricUnits } from '../../../lib/metrics/names.ts'
import { type Cell, cellOf } from '../../support/cell.ts'
import { emfOf } from '../../support/emf.ts'
import { bridge, handle, send } from '../../support/measured.ts'
import { silentLog } from '../../support/memory.ts'

const broker = {
  name: 'cloud',
  amazonMq: 'arn:aws:mq:eu-central-1:123456789012:broker:ecos:b-1',
  secret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:mq-AbCdEf',
  virtualHost: '/',
}
const tenant = { locale: 'ru', cell: 'main', events: eventTypes }
const cell = cellOf([
  { ...tenant, id: 'acme' },
  { ...tenant, id: 'at-amazon', broker },
])
const alarms = ofType(cell, 'AWS::CloudWatch::Alarm')
const runbook = readFileSync('docs/runbook.md', 'utf8')

interface Series {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

function ofType({ resources }: Cell, type: string) {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [{ id, ...Properties }] : [],
  )
}

// biome-ignore lint/suspicious/noExplicitAny: an alarm of the template.
type Alarm = any

/** The series that an alarm watches, in either form. */
function seriesOf(alarm: Alarm): Series[] {
  const metrics = alarm.Metrics
    ? alarm.Metrics.flatMap((query: Alarm) => query.MetricStat?.Metric ?? [])
    : [alarm]
  return metrics.map(({ Namespace, MetricName, Dimensions }: Alarm) => ({
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }: Alarm) => [Name, Value])),
  }))
}

const watched = alarms.flatMap(seriesOf)

/** The dimension's values for which alarms watch the metric. */
function watchedBy(name: string, dimension: string): string[] {
  return watched
    .flatMap((one) => (one.name === name ? [String(one.dimensions[dimension])] : []))
    .sort()
}

/** Name and dimensions as one string, to compare series. */
function keyOf(name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(dimensions).sort()])
}

/** Runs bridge, handlers and senders, and returns every series that they write. */
/** A function's read of a table that is not there: no address answers at the port 9. */
async function readNoTenants(): Promise<void> {
  const settings = { CELL: 'main', TENANTS_TABLE: 'none', TENANTS_FILE: 'tenants.yml' }
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    }),
  )
  await functionTenants(settings, silentLog, client).get()
}

async function writtenSeries(): Promise<Set<string>> {
  const lines = await emfOf(async () => {
    await bridge()
    await readNoTenants()
    for (const type of eventTypes) {
      const outcomes = ['handled', 'duplicate', 'recipients-not-found']
      await handle(type, [...outcomes.map((outcome) => ({ outcome })), { code: 'invalid-event' }])
    }
    for (const channel of channelNames) {
      const outcomes = ['sent', 'permanent', 'gone', 'uncertain'].map((outcome) => ({ outcome }))
      const codes = ['delivery-failed', 'notification-expired', 'other'].map((code) => ({ code }))
      await send(channel, [...outcomes, ...codes], 5)
    }
  })
  return new Set(
    lines.flatMap(({ values, dimensions }) =>
      Object.keys(values).map((name) => keyOf(name, dimensions)),
    ),
  )
}

describe('the alarms', () => {
  const queues = ofType(cell, 'AWS::SQS::Queue').map(({ QueueName }) => String(QueueName))
  const deadEnds = queues.filter((name) => /-dlq$|-quarantine$/.test(name)).sort()

  it('watch the depth of every dead-letter queue and the quarantine', () => {
    expect(deadEnds).toHaveLength(eventTypes.length + channelNames.length + 1)
    expect(watchedBy('ApproximateNumberOfMessagesVisible', 'QueueName')).toEqual(deadEnds)
  })

  it('watch the age of the oldest message in every queue', () => {
    const fedQueues = queues.filter((name) => !deadEnds.includes(name)).sort()
    expect(watchedBy('ApproximateAgeOfOldestMessage', 'QueueName')).toEqual(
      [...fedQueues, ...deadEnds].sort(),
    )
  })

  it.each(['Errors', 'Throttles'])('watch the %s of every function', (name) => {
    expect(cell.functions).toContain('ecos-main-bridge-amazon-mq')
    expect(watchedBy(name, 'FunctionName')).toEqual([...cell.functions].sort())
  })

  it.each([
    'Sent',
    'TransientFailures',
    'PermanentFailures',
    'UncertainDeliveries',
    'SenderFailures',
    'Expired',
  ])('watch %s of every channel', (name) => {
    expect(watchedBy(name, 'channel')).toEqual([...channelNames].sort())
  })

  it('watch the rules of the bus, however many there are', () => {
    const queries = alarms.flatMap(({ Metrics = [] }) =>
      Metrics.map((one: Alarm) => one.Expression),
    )
    expect(queries).toContain(
      'SELECT SUM(InvocationsFailedToBeSentToDlq) FROM SCHEMA("AWS/Events", EventBusName, RuleName) ' +
        "WHERE EventBusName = 'ecos-main'",
    )
  })

  it('watch only series that the functions write, by name and dimensions', async () => {
    const series = await writtenSeries()
    const ours = watched.filter(({ namespace }) => namespace === metricNamespace)
    expect(new Set(ours.map(({ name }) => name)).size).toBe(11)
    const unknown = ours.filter(({ name, dimensions }) => !series.has(keyOf(name, dimensions)))
    expect(unknown).toEqual([])
  })

  it('stay within the limits of CloudWatch', () => {
    for (const { Metrics = [], AlarmDescription, EvaluationPeriods, DatapointsToAlarm } of alarms) {
      expect(Metrics.filter((one: Alarm) => one.MetricStat).length).toBeLessThanOrEqual(10)
      expect(
        Metrics.length === 0 || Metrics.filter((one: Alarm) => one.ReturnData).length,
      ).toBeTruthy()
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024)
      expect(DatapointsToAlarm).toBeLessThanOrEqual(EvaluationPeriods)
    }
    const names = alarms.map(({ AlarmName }) => AlarmName)
    expect(new Set(names).size).toBe(names.length)
  })

  it('link to an existing section of the runbook', () => {
    const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    )
    for (const { AlarmDescription } of alarms) {
      const [, anchor] = /docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription) ?? []
      expect(anchors).toContain(anchor)
    }
  })

  it('are named in the runbook', () => {
    for (const { AlarmName } of alarms) {
      const name = AlarmName.replace(/^ecos-main-/, '').replace(/-\d+$/, '-<n>')
      const byChannel = name.replace(new RegExp(`-(${channelNames.join('|')})$`), '-<channel>')
      expect(runbook).toContain(`\`${byChannel}\``)
    }
  })

  it('notify the topic of the cell when they start and when they end', () => {
    for (const { AlarmActions, OKActions } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: 'AlarmTopic' }], [{ Ref: 'AlarmTopic' }]])
    }
    const topicOf = (some: Cell) => ofType(some, 'AWS::SNS::Topic')[0]
    expect(topicOf(cell)).not.toHaveProperty('Subscription')
    expect(
      topicOf(cellOf([{ ...tenant, id: 'a' }], { alarmEmail: 'ops@example.com' })),
    ).toMatchObject({
      TopicName: 'ecos-main-alarms',
      Subscription: [{ Protocol: 'email', Endpoint: 'ops@example.com' }],
    })
  })

  it('start without any drain', () => {
    const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
    expect(silent).toMatchObject([
      {
        id: 'NoDrainAlarm',
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        EvaluationPeriods: 10,
      },
    ])
  })

  it('are omitted, with the dashboard, when switched off', () => {
    const { resources } = cellOf([{ ...tenant, id: 'a' }], { alarms: 'false' })
    const types = Object.values(resources).map(({ Type }) => Type)
    expect(types.filter((type) => /CloudWatch|SNS/.test(type))).toEqual([])
  })
})

describe('the dashboard', () => {
  const [{ DashboardBody } = {} as Alarm] = ofType(cell, 'AWS::CloudWatch::Dashboard')
  const { widgets } = JSON.parse(DashboardBody['Fn::Sub'])
  const graphs = widgets.filter(({ type }: Alarm) => type === 'metric')

  it('follows an event from left to right', () => {
    const places = graphs.map(({ x, properties }: Alarm) => [x, properties.title.split(':')[0]])
    const titlesAt = (x: number) => places.filter(([at]: [number]) => at === x)[0][1]
    expect([0, 4, 8, 12, 16, 20].map(titlesAt)).toEqual([
      'Broker',
      'Bridge',
      'Handlers',
      'Events handled',
      'Senders',
      'Notifications sent',
    ])
  })

  it('has all alarms at the top, and no overlapping widgets', () => {
    const [{ properties }] = widgets.filter(({ type }: Alarm) => type === 'alarm')
    expect(properties.alarms).toHaveLength(alarms.length)
    const cells = widgets.flatMap(({ x, y, width, height }: Alarm) =>
      Array.from(
        { length: width * height },
        (_, at) => `${x + (at % width)},${y + Math.floor(at / width)}`,
      ),
    )
    expect(new Set(cells).size).toBe(cells.length)
  })

  it('shows every queue, and every metric except durations and successes', async () => {
    const series = await writtenSeries()
    const lines: [string, string, ...unknown[]][] = graphs.flatMap(
      ({ properties }: Alarm) => properties.metrics,
    )
    const ours = lines.filter(([namespace]) => namespace === metricNamespace)
    for (const [, name, ...rest] of ours) {
      const flat = rest.slice(0, -1) as string[]
      const pairs = flat.flatMap((key, at) => (at % 2 === 0 ? [[key, flat[at + 1]]] : []))
      expect(series.has(keyOf(name, Object.fromEntries(pairs)))).toBe(true)
    }
    const shown = new Set(ours.map(([, name]) => name))
    expect(Object.keys(metricUnits).filter((name) => !shown.has(name))).toEqual([
      'DrainDuration',
      'DuplicateEvents',
      'HandlingDuration',
      'AddressesGone',
      'SenderFailures',
      'DeliveryDuration',
      'DeliveredIn',
    ])
    const text = JSON.stringify(lines)
    for (const { QueueName } of ofType(cell, 'AWS::SQS::Queue'))
      expect(text).toContain(`"${QueueName}"`)
  })
})
