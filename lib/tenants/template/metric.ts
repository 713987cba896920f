import {
  type BridgeMetric,
  type HandlerMetric,
  type MetricDimensions,
  metricNamespace,
  metricService,
  type SenderMetric,
} from '../../metrics/names.ts'

/** A CloudWatch metric with its statistic. */
export interface Metric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly statistic: 'Sum' | 'Maximum' | 'Average' | 'p95'
}

/** A metric that one of the cell's functions writes. */
export function ourMetric(
  name: BridgeMetric | HandlerMetric | SenderMetric,
  dimensions: MetricDimensions,
  statistic: Metric['statistic'] = 'Sum',
): Metric {
  return {
    namespace: metricNamespace,
    name,
    dimensions: { service: metricService, ...dimensions },
    statistic,
  }
}

export type QueueMetric =
  | 'ApproximateNumberOfMessagesVisible'
  | 'ApproximateNumberOfMessagesNotVisible'
  | 'ApproximateAgeOfOldestMessage'

/** SQS stops publishing metrics of a queue that was idle for six hours (SQS developer guide, CloudWatch). */
export function queueMetric(
  name: QueueMetric,
  QueueName: string,
  statistic: Metric['statistic'] = 'Maximum',
): Metric {
  return { namespace: 'AWS/SQS', name, dimensions: { QueueName }, statistic }
}

export function functionMetric(name: 'Errors' | 'Throttles', FunctionName: string): Metric {
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName }, statistic: 'Sum' }
}
