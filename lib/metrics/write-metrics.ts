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

/** The metrics as fields in the embedded metric format, for a log line that is written anyway. */
export type MetricFields = (values: MetricValues) => Readonly<Record<string, unknown>>

export function createMetricFields(dimensions: MetricDimensions): MetricFields {
  const metrics = metricsWith(dimensions)
  return (values) => {
    add(metrics, values)
    const fields = metrics.serializeMetrics()
    metrics.clearMetrics()
    return { ...fields }
  }
}

/** POWERTOOLS_METRICS_DISABLED=true silences them. */
export function createMetrics(dimensions: MetricDimensions): WriteMetrics {
  const metrics = metricsWith(dimensions)
  return (values, properties = {}) => {
    add(metrics, values)
    for (const [name, value] of Object.entries(properties)) {
      if (value !== undefined) metrics.addMetadata(name, value)
    }
    metrics.publishStoredMetrics()
  }
}

function metricsWith(dimensions: MetricDimensions): Metrics {
  return new Metrics({
    namespace: metricNamespace,
    serviceName: metricService,
    defaultDimensions: { ...dimensions },
  })
}

function add(metrics: Metrics, values: MetricValues): void {
  for (const [name, value] of Object.entries(values)) {
    metrics.addMetric(name, metricUnits[name as MetricName], value)
  }
}
