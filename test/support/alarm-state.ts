import { evaluate, type Points } from './metric-math.ts'

/** A data point, and the minute in which CloudWatch has it. */
export interface Point {
  readonly minute: number
  readonly value: number
  readonly arrives: number
}

/** A metric with its points. */
export interface Series {
  readonly name: string
  /** The value that identifies it among the metrics of that name, such as a queue's name. */
  readonly dimension: string
  readonly points: readonly Point[]
}

// biome-ignore lint/suspicious/noExplicitAny: an alarm of the template.
type Alarm = any

/**
 * The points that CloudWatch reads beyond the evaluation periods. The user guide shows five points for three
 * periods ("Configuring how CloudWatch alarms treat missing data") and promises no number.
 */
const extraPoints = 2

/** Whether an alarm of one-minute periods is raised in the given minute, by the rules of the CloudWatch user guide. */
export function isRaised(alarm: Alarm, series: readonly Series[], now: number): boolean {
  const periods: number = alarm.EvaluationPeriods
  const range = Array.from({ length: periods + extraPoints }, (_, index) => now - 1 - index)
  const points = watchedPoints(alarm, visible(series, now), range.toReversed())
  const real = range.flatMap((minute) => points.get(minute) ?? [])
  const missing = Math.max(0, periods - real.length)
  const breaching = real.slice(0, periods).filter((value) => isBreaching(alarm, value)).length
  const assumed = alarm.TreatMissingData === 'breaching' ? missing : 0
  return breaching + assumed >= (alarm.DatapointsToAlarm ?? periods)
}

/** The series as CloudWatch has them at that time. */
function visible(series: readonly Series[], now: number): Series[] {
  return series.map((one) => ({
    ...one,
    points: one.points.filter(({ arrives, minute }) => arrives <= now && minute < now),
  }))
}

function watchedPoints(alarm: Alarm, series: readonly Series[], minutes: number[]): Points {
  const metricOf = ({ MetricName, Dimensions }: Alarm) =>
    pointsOf(
      series.filter(
        ({ name, dimension }) =>
          name === MetricName && Dimensions.some(({ Value }: Alarm) => Value === dimension),
      ),
      minutes,
    )
  if (!alarm.Metrics) return metricOf(alarm)
  const [{ Expression }, ...stats] = alarm.Metrics
  const query = /^SELECT SUM\((\w+)\)/.exec(Expression)
  if (query)
    return pointsOf(
      series.filter(({ name }) => name === query[1]),
      minutes,
    )
  const metrics = new Map<string, Points>(
    stats.map(({ Id, MetricStat }: Alarm) => [Id, metricOf(MetricStat.Metric)]),
  )
  return evaluate(Expression, { metrics, minutes })
}

/** The sum of the series in each of the minutes. */
function pointsOf(series: readonly Series[], minutes: readonly number[]): Points {
  const sums = new Map<number, number>()
  for (const { minute, value } of series.flatMap(({ points }) => points)) {
    if (minutes.includes(minute)) sums.set(minute, (sums.get(minute) ?? 0) + value)
  }
  return sums
}

function isBreaching({ ComparisonOperator, Threshold }: Alarm, value: number): boolean {
  return ComparisonOperator === 'LessThanThreshold' ? value < Threshold : value > Threshold
}
