import {
  type BridgeMetric,
  type HandlerMetric,
  type MetricDimensions,
  metricNamespace,
  metricService,
  type SenderMetric,
} from '../../metrics/names.ts'

/** A series in CloudWatch. */
export interface Metric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly statistic: 'Sum' | 'Maximum'
}

/** Of ours, what one of the functions writes. */
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

export type QueueMetric = 'ApproximateNumberOfMessagesVisible' | 'ApproximateAgeOfOldestMessage'

/** SQS stops to write them once a queue was idle for six hours (SQS developer guide, CloudWatch). */
export function queueMetric(name: QueueMetric, QueueName: string): Metric {
  return { namespace: 'AWS/SQS', name, dimensions: { QueueName }, statistic: 'Maximum' }
}

export function functionMetric(name: 'Errors' | 'Throttles', FunctionName: string): Metric {
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName }, statistic: 'Sum' }
}
