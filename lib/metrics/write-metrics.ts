import { Metrics } from '@aws-lambda-powertools/metrics'
import {
  type MetricDimensions,
  type MetricName,
  metricNamespace,
  metricService,
  metricUnits,
} from './names.ts'

export type MetricValues = { readonly [name in MetricName]?: number }

/** Properties of the log line that are not dimensions, such as the tenant. Undefined ones are omitted. */
export type MetricProperties = Readonly<Record<string, string | undefined>>

/** Writes one log line in the embedded metric format (EMF), which CloudWatch turns into metrics. */
export type WriteMetrics = (values: MetricValues, properties?: MetricProperties) => void

/** POWERTOOLS_METRICS_DISABLED=true silences them. */
export function createMetrics(dimensions: MetricDimensions): WriteMetrics {
  const metrics = new Metrics({
    namespace: metricNamespace,
    serviceName: metricService,
    defaultDimensions: { ...dimensions },
  })
  return (values, properties = {}) => {
    for (const [name, value] of Object.entries(values)) {
      metrics.addMetric(name, metricUnits[name as MetricName], value)
    }
    for (const [name, value] of Object.entries(properties)) {
      if (value !== undefined) metrics.addMetadata(name, value)
    }
    metrics.publishStoredMetrics()
  }
}
