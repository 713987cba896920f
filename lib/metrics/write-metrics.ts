import { Metrics } from '@aws-lambda-powertools/metrics'
import {
  type MetricDimensions,
  type MetricName,
  metricNamespace,
  metricService,
  metricUnits,
} from './names.ts'

export type MetricValues = { readonly [name in MetricName]?: number }

/** Whose values they are: properties of the log line, and no dimensions. An absent one is left out. */
export type MetricProperties = Readonly<Record<string, string | undefined>>

/** Writes one line to the log, of which CloudWatch makes the metrics (EMF, embedded metric format). */
export type WriteMetrics = (values: MetricValues, properties?: MetricProperties) => void

/** POWERTOOLS_METRICS_DISABLED=true silences it. */
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
