import { chunks } from '../../chunks.ts'
import { cellPrefix } from '../names.ts'
import { maxMetricsPerAlarm } from '../plan.ts'
import { type Resource, type Resources, ref, type Value } from './cloudformation.ts'
import type { Metric } from './metric.ts'

/** Anchors of the sections in docs/runbook.md that tell what to do. */
export type RunbookSection =
  | 'dead-letters'
  | 'quarantine'
  | 'old-messages'
  | 'aged-dead-letters'
  | 'broker-backlog'
  | 'broker-dead-letters'
  | 'no-drain'
  | 'bus-failures'
  | 'rule-failures'
  | 'function-errors'
  | 'function-throttles'
  | 'failing-deliveries'

/** The condition of an alarm: `minutes` of the last `ofMinutes` minutes lie beyond the threshold. */
export interface Watch {
  /** One metric, or up to ten that `expression` refers to as `m0`, `m1` and so on. */
  readonly metrics: readonly Metric[]
  /** Metric math. */
  readonly expression?: string
  /** A CloudWatch Metrics Insights query instead of metrics and expression. */
  readonly query?: string
  readonly above?: number
  readonly below?: number
  readonly minutes: number
  readonly ofMinutes?: number
  /** Whether missing data raises the alarm. */
  readonly missingIsBad?: boolean
}

export interface AlarmOptions {
  readonly cell: string
  /** Kebab case, unique in the cell. */
  readonly name: string
  readonly section: RunbookSection
  /** States the problem and what to do. */
  readonly description: string
  readonly watch: Watch
}

/** An alarm that notifies the cell's topic when it starts and when it ends. */
export function alarm({ cell, name, section, description, watch }: AlarmOptions): Resource {
  const { minutes, ofMinutes = minutes, above, below, missingIsBad = false } = watch
  const topic = [ref('AlarmTopic')]
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: alarmName(cell, name),
      AlarmDescription: `${description} See docs/runbook.md#${section}`,
      ...metricProperties(watch),
      ComparisonOperator: below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
      Threshold: below ?? above ?? 0,
      EvaluationPeriods: ofMinutes,
      DatapointsToAlarm: minutes,
      TreatMissingData: missingIsBad ? 'breaching' : 'notBreaching',
      AlarmActions: topic,
      OKActions: topic,
    },
  }
}

function alarmName(cell: string, name: string): string {
  return `${cellPrefix(cell)}-${name}`
}

/** Splits the metrics over as many alarms as CloudWatch's limit on metrics requires. */
export function groupedAlarms(
  logicalId: string,
  metrics: readonly Metric[],
  alarmOf: (group: readonly Metric[], number: number) => Resource,
): Resources {
  const groups = [...chunks(metrics, maxMetricsPerAlarm)]
  return Object.fromEntries(
    groups.map((group, index) => [`${logicalId}${index + 1}`, alarmOf(group, index + 1)]),
  )
}

/**
 * The metrics' sum, with 0 for a metric without data. The newest minutes of a late metric count as 0 too, so
 * the alarm must look back further than the metric may be late.
 */
export function sum(metrics: readonly Metric[]): string {
  return metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + ')
}

/** Seconds. */
const period = 60

function metricProperties(watch: Watch): Resource['Properties'] {
  const [metric, ...rest] = watch.metrics
  return metric && rest.length === 0 && watch.expression === undefined
    ? { ...seriesOf(metric), Statistic: metric.statistic, Period: period }
    : { Metrics: metricQueries(watch) }
}

function metricQueries({ metrics, expression = '', query }: Watch): Value[] {
  if (query !== undefined) {
    return [{ Id: 'watched', Expression: query, Period: period, ReturnData: true }]
  }
  const stats = metrics.map((metric, index) => ({
    Id: `m${index}`,
    ReturnData: false,
    MetricStat: { Metric: seriesOf(metric), Period: period, Stat: metric.statistic },
  }))
  return [{ Id: 'watched', Expression: expression, ReturnData: true }, ...stats]
}

function seriesOf({ namespace, name, dimensions }: Metric): Resource['Properties'] {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  }
}
