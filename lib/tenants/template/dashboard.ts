import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import type { BridgeMetric, HandlerMetric, SenderMetric } from '../../metrics/names.ts'
import { cellPrefix, kebab } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import type { Resources } from './cloudformation.ts'
import { type Metric, ourMetric, type QueueMetric, queueMetric } from './metric.ts'

/** A graph: its title and its lines. */
type Graph = readonly [title: string, lines: readonly Metric[]]

/** The way of an event from left to right: each column is a place that it passes. */
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
      ['Broker: dead letters', bridge(['BrokerDeadLetters'], 'Maximum')],
      ['Drains that ended well', bridge(['Drains'])],
    ],
    [
      [
        'Bridge: where messages went',
        bridge(['Bridged', 'Quarantined', 'Unasked', 'Returned', 'DeadLettered']),
      ],
      ['Bus: PutEvents failed', bridge(['BusFailures', 'BusThrottles'])],
      ['Quarantine', ofQueues(depth, [`${prefix}-quarantine`])],
    ],
    [
      ['Handlers: oldest event, seconds', ofQueues(age, handlers)],
      ['Handlers: events waiting', ofQueues(depth, handlers)],
      ['Nobody to tell', ofTypes('RecipientsNotFound')],
    ],
    [
      ['Events handled', ofTypes('EventsHandled')],
      ['Events: failed tries', ofTypes('HandlingFailures')],
      ['Events in dead-letter queues', ofQueues(depth, dlqs(handlers))],
    ],
    [
      ['Senders: oldest notification, seconds', ofQueues(age, senders)],
      ['Senders: notifications waiting', ofQueues(depth, senders)],
      ['Given up, out of time', ofChannels('Expired')],
    ],
    [
      ['Notifications sent', ofChannels('Sent')],
      [
        'Deliveries that failed',
        [...ofChannels('TransientFailures'), ...ofChannels('PermanentFailures')],
      ],
      ['Notifications in dead-letter queues', ofQueues(depth, dlqs(senders))],
    ],
  ]
}

/** Of the grid that a dashboard is 24 wide (CloudWatch API reference, dashboard body). */
const width = 4
const height = 6
const alarmsHeight = 4

/** One dashboard for the cell, its alarms above. */
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
  const states = {
    type: 'alarm',
    x: 0,
    y: 0,
    width: 24,
    height: alarmsHeight,
    properties: { title: 'Alarms: what to do is in docs/runbook.md', alarms: arnsOf(alarms) },
  }
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: cellPrefix(cell),
        DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: [states, ...graphs] }) },
      },
    },
  }
}

function graphProperties([title, lines]: Graph) {
  return {
    title,
    region: inStack('AWS::Region'),
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

/** What tells a line from the others of its graph. */
function labelOf({ name, dimensions }: Metric, lines: readonly Metric[]): string {
  const { type, channel, QueueName } = dimensions
  const place = type ?? channel ?? QueueName
  const sameName = lines.every((line) => line.name === name)
  return place === undefined || sameName ? (place ?? name) : `${place}: ${name}`
}

/** What CloudFormation puts in (Fn::Sub). */
function inStack(parameter: string): string {
  return `\${${parameter}}`
}

const alarmArn = [
  'arn',
  inStack('AWS::Partition'),
  'cloudwatch',
  inStack('AWS::Region'),
  inStack('AWS::AccountId'),
  'alarm',
].join(':')

function arnsOf(alarms: Resources): string[] {
  return Object.values(alarms).flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? [`${alarmArn}:${Properties['AlarmName']}`] : [],
  )
}
