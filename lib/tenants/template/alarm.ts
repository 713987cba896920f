import { chunks } from '../../chunks.ts'
import { cellPrefix } from '../names.ts'
import { metricsOfAnAlarm } from '../plan.ts'
import { type Resource, type Resources, ref, type Value } from './cloudformation.ts'
import type { Metric } from './metric.ts'

/** The section of docs/runbook.md that an alarm belongs to, by its anchor. */
export type RunbookSection =
  | 'dead-letters'
  | 'quarantine'
  | 'old-messages'
  | 'broker-backlog'
  | 'broker-dead-letters'
  | 'no-drain'
  | 'bus-failures'
  | 'rule-failures'
  | 'function-errors'
  | 'function-throttles'
  | 'failing-deliveries'

/** When an alarm goes off: how many minutes of the last ones were beyond what is allowed. */
export interface Watch {
  /** One, or up to ten with an expression over `m0`, `m1` and so on. */
  readonly metrics: readonly Metric[]
  /** Metric math. */
  readonly expression?: string
  /** A query of CloudWatch Metrics Insights, in place of metrics and expression. */
  readonly query?: string
  readonly above?: number
  readonly below?: number
  readonly minutes: number
  readonly ofMinutes?: number
  /** Whether it goes off where nothing is written at all. */
  readonly missingIsBad?: boolean
}

export interface AlarmOptions {
  readonly cell: string
  /** In kebab case; unique in the cell. */
  readonly name: string
  readonly section: RunbookSection
  /** What is wrong, and what to do. */
  readonly description: string
  readonly watch: Watch
}

/** An alarm of the cell, which tells the cell's topic when it goes off and when it is over. */
export function alarm({ cell, name, section, description, watch }: AlarmOptions): Resource {
  const { minutes, ofMinutes = minutes, above, below, missingIsBad = false } = watch
  const topic = [ref('AlarmTopic')]
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: alarmName(cell, name),
      AlarmDescription: `${description} See docs/runbook.md#${section}`,
      ...watchedOf(watch),
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

/** One alarm for as many metrics as it may have, and another for the next ones. */
export function groupedAlarms(
  logicalId: string,
  metrics: readonly Metric[],
  alarmOf: (group: readonly Metric[], number: number) => Resource,
): Resources {
  const groups = [...chunks(metrics, metricsOfAnAlarm)]
  return Object.fromEntries(
    groups.map((group, index) => [`${logicalId}${index + 1}`, alarmOf(group, index + 1)]),
  )
}

/** A minute without data counts as 0: a function or a queue that has nothing to do writes nothing. */
export function total(metrics: readonly Metric[]): string {
  return metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + ')
}

/** Seconds. */
const period = 60

function watchedOf(watch: Watch): Resource['Properties'] {
  const [metric, ...others] = watch.metrics
  return metric && others.length === 0 && watch.expression === undefined
    ? { ...seriesOf(metric), Statistic: metric.statistic, Period: period }
    : { Metrics: queriesOf(watch) }
}

function queriesOf({ metrics, expression = '', query }: Watch): Value[] {
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
