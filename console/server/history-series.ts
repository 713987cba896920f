import { channelNames } from '../../lib/channels/channel.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { cellPrefix, kebab } from '../../lib/tenants/names.ts'
import { type Metric, ourMetric, queueMetric } from '../../lib/tenants/template/metric.ts'

export const chartNames = [
  'events',
  'deliveries',
  'failures',
  'waiting',
  'oldest',
  'delivered',
  'dead',
] as const
export type ChartName = (typeof chartNames)[number]

/** A metric that is a part of a series: metrics with the same chart and series are added up. */
export interface SeriesMetric {
  readonly chart: ChartName
  /** An event type, a channel, `broker`, `bridge` or `quarantine`. */
  readonly series: string
  readonly metric: Metric
}

/** A data point of it says that the bridge ran, so that a count it did not write is a zero. */
export function runMetric(cell: string): Metric {
  return ourMetric('Drains', { cell })
}

/** The metrics that the charts of a cell show. Each is charged for whenever it is read (docs/cost.md). */
export function seriesMetrics(cell: string): readonly SeriesMetric[] {
  const depth = (queue: string) => queueMetric('ApproximateNumberOfMessagesVisible', queue)
  const age = (queue: string) => queueMetric('ApproximateAgeOfOldestMessage', queue)
  const prefix = cellPrefix(cell)
  const queues = [
    ...eventTypes.map((type) => ({ series: type as string, queue: `${prefix}-${kebab(type)}` })),
    ...channelNames.map((channel) => ({
      series: channel as string,
      queue: `${prefix}-${channel}`,
    })),
  ]
  return [
    ...(['EventsHandled', 'RecipientsNotFound'] as const).flatMap((name) =>
      eventTypes.map((type) => one('events', type, ourMetric(name, { cell, type }))),
    ),
    ...channelNames.map((channel) =>
      one('deliveries', channel, ourMetric('Sent', { cell, channel })),
    ),
    ...eventTypes.map((type) =>
      one('failures', type, ourMetric('HandlingFailures', { cell, type })),
    ),
    ...(['TransientFailures', 'PermanentFailures', 'UncertainDeliveries'] as const).flatMap(
      (name) =>
        channelNames.map((channel) => one('failures', channel, ourMetric(name, { cell, channel }))),
    ),
    one('failures', 'bridge', ourMetric('Quarantined', { cell })),
    one('waiting', 'broker', ourMetric('BrokerBacklog', { cell }, 'Maximum')),
    ...queues.map(({ series, queue }) => one('waiting', series, depth(queue))),
    ...queues.map(({ series, queue }) => one('oldest', series, age(queue))),
    ...channelNames.map((channel) =>
      one('delivered', channel, ourMetric('DeliveredIn', { cell, channel }, 'p95')),
    ),
    ...content('quarantine', `${prefix}-quarantine`),
    one('dead', 'broker', ourMetric('BrokerDeadLetters', { cell }, 'Maximum')),
    ...queues.flatMap(({ series, queue }) => content(series, `${queue}-dlq`)),
  ]
}

/**
 * All messages of a dead-letter queue: those that somebody reads are not visible. Averages add up to the average of
 * the whole; a maximum of each would count a message twice that was hidden for a part of the time.
 */
function content(series: string, queue: string): SeriesMetric[] {
  return (
    ['ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesNotVisible'] as const
  ).map((name) => one('dead', series, queueMetric(name, queue, 'Average')))
}

function one(chart: ChartName, series: string, metric: Metric): SeriesMetric {
  return { chart, series, metric }
}
