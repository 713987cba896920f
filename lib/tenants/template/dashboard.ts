import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import type { BridgeMetric, HandlerMetric, SenderMetric } from '../../metrics/names.ts'
import { cellPrefix, kebab } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import type { Resources } from './cloudformation.ts'
import { type Metric, ourMetric, type QueueMetric, queueMetric } from './metric.ts'

type Graph = readonly [title: string, lines: readonly Metric[]]

/** One column for each stage that an event passes, from left to right. */
function columnsOf(cell: string): readonly (readonly Graph[])[] {
  const prefix = cellPrefix(cell)
  const handlers = eventTypes.map((type) => `${prefix}-${kebab(type)}`)
  const senders = channelNames.map((channel) => `${prefix}-${channel}`)
  const depth = 'ApproximateNumberOfMessagesVisible'
  const age = 'ApproximateAgeOfOldestMessage'
  const bridge = (names: readonly BridgeMetric[], statistic?: Metric['statistic']) =>
    names.map((name) => ourMetric(name, { cell }, statistic))
  const ofTypes = (name: HandlerMetric) => eventTypes.map((type) => ourMetric(name, { cell, type }))
  const ofChannels = (name: SenderMetric) =>
    channelNames.map((channel) => ourMetric(name, { cell, channel }))
  const ofQueues = (name: QueueMetric, queues: readonly string[]) =>
    queues.map((queue) => queueMetric(name, queue))
  const dlqs = (queues: readonly string[]) => queues.map((queue) => `${queue}-dlq`)
  return [
    [
      ['Broker: waiting', bridge(['BrokerBacklog'], 'Maximum')],
      [
        'Broker: dead letters, refusals, blocked connections',
        [
          ...bridge(['BrokerDeadLetters'], 'Maximum'),
          ...bridge(['ConsumeRefused', 'BrokerBlocked', 'TenantsUnreadable']),
        ],
      ],
      ['Successful drains', bridge(['Drains'])],
    ],
    [
      [
        'Bridge: messages by outcome',
        bridge(['Bridged', 'Quarantined', 'Unasked', 'Returned', 'DeadLettered']),
      ],
      ['Bus: PutEvents failed', bridge(['BusFailures', 'BusThrottles'])],
      ['Quarantine', ofQueues(depth, [`${prefix}-quarantine`])],
    ],
    [
      ['Handlers: oldest event, seconds', ofQueues(age, handlers)],
      ['Handlers: events waiting', ofQueues(depth, handlers)],
      ['No recipients', ofTypes('RecipientsNotFound')],
    ],
    [
      ['Events handled', ofTypes('EventsHandled')],
      ['Events: failed attempts', ofTypes('HandlingFailures')],
      ['Events in dead-letter queues', ofQueues(depth, dlqs(handlers))],
    ],
    [
      ['Senders: oldest notification, seconds', ofQueues(age, senders)],
      ['Senders: notifications waiting', ofQueues(depth, senders)],
      ['Expired', ofChannels('Expired')],
    ],
    [
      ['Notifications sent', ofChannels('Sent')],
      [
        'Failed deliveries',
        (['TransientFailures', 'PermanentFailures', 'UncertainDeliveries'] as const).flatMap(
          (name) => ofChannels(name),
        ),
      ],
      ['Notifications in dead-letter queues', ofQueues(depth, dlqs(senders))],
    ],
  ]
}

/** Units of the dashboard's grid, which is 24 wide (CloudWatch API reference, dashboard body). */
const width = 4
const height = 6
const alarmsHeight = 4

/** The cell's dashboard: alarms at the top, graphs below. */
export function dashboard({ cell }: CellPlan, alarms: Resources): Resources {
  const graphs = columnsOf(cell).flatMap((column, x) =>
    column.map((graph, y) => ({
      type: 'metric',
      x: x * width,
      y: alarmsHeight + y * height,
      width,
      height,
      properties: graphProperties(graph),
    })),
  )
  const alarmStates = {
    type: 'alarm',
    x: 0,
    y: 0,
    width: 24,
    height: alarmsHeight,
    properties: { title: 'Alarms (docs/runbook.md says what to do)', alarms: alarmArns(alarms) },
  }
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: cellPrefix(cell),
        DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: [alarmStates, ...graphs] }) },
      },
    },
  }
}

function graphProperties([title, lines]: Graph) {
  return {
    title,
    region: pseudoParameter('AWS::Region'),
    view: 'timeSeries',
    period: 60,
    metrics: lines.map((line) => [
      line.namespace,
      line.name,
      ...Object.entries(line.dimensions).flat(),
      { stat: line.statistic, label: labelOf(line, lines) },
    ]),
  }
}

/** A label that distinguishes the line from the others of its graph. */
function labelOf({ name, dimensions }: Metric, lines: readonly Metric[]): string {
  const { type, channel, QueueName } = dimensions
  const source = type ?? channel ?? QueueName
  const sameName = lines.every((line) => line.name === name)
  return source === undefined || sameName ? (source ?? name) : `${source}: ${name}`
}

/** A placeholder that Fn::Sub replaces. */
function pseudoParameter(parameter: string): string {
  return `\${${parameter}}`
}

const alarmArn = [
  'arn',
  pseudoParameter('AWS::Partition'),
  'cloudwatch',
  pseudoParameter('AWS::Region'),
  pseudoParameter('AWS::AccountId'),
  'alarm',
].join(':')

function alarmArns(alarms: Resources): string[] {
  return Object.values(alarms).flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? [`${alarmArn}:${Properties['AlarmName']}`] : [],
  )
}
