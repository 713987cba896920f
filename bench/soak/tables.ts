import { formatInteger, ratio, table } from '../tables.ts'
import type { Drained, Drains } from './drain.ts'
import type { Soak } from './soak.ts'

/** The last quarter beside the second, and what became of the events. */
export function workerTables({ outcome, ...soak }: Soak): string {
  const trends = table(
    `The worker, ${soak.minutes} minutes at ${formatInteger(soak.rate)} events a second`,
    ['figure', 'second quarter', 'last quarter', 'ratio', 'at most'],
    soak.trends.map(({ name, second, last, limit, ...trend }) => [
      ...[name, second.toFixed(1), last.toFixed(1)],
      ...[ratio(trend.ratio, 1), ratio(limit, 1)],
    ]),
  )
  const slopes = `Memory: ${perHour(soak.megabytesPerHour)} resident, ${perHour(soak.heapMegabytesPerHour)} of the heap's least.`
  const { published, accepted, doubled, others, left } = outcome
  const counts = `Events: ${formatInteger(published)} published, ${formatInteger(accepted)} accepted, ${doubled} twice, ${others} of others, ${left} left at the broker.`
  return [trends, '', slopes, counts, verdictOf(soak.problems)].join('\n')
}

const counts = ['listed', 'atBroker', 'toBroker', 'atBus', 'toBus', 'handles', 'megabytes'] as const

export function drainTables({
  rows,
  published,
  accepted,
  doubled,
  left,
  ...drains
}: Drains): string {
  const shown = [1, 2, Math.ceil(rows.length / 2), rows.length]
  const row = (number: number) => {
    const one = rows[number - 1] as Drained
    const cells = counts.map((name) => one[name]?.toFixed(0) ?? '–')
    return [String(number), `${one.milliseconds.toFixed(0)} ms`, ...cells]
  }
  return [
    table(
      `${rows.length} drains of ${formatInteger(drains.events)} events in one process`,
      ['drain', 'took', ...counts],
      [...new Set(shown)].filter((number) => number <= rows.length).map(row),
    ),
    '',
    `Events: ${formatInteger(published)} published, ${formatInteger(accepted)} accepted, ${doubled} twice, ${left} left at the broker.`,
    verdictOf(drains.problems),
  ].join('\n')
}

function perHour(megabytes: number): string {
  return `${megabytes < 0 ? '' : '+'}${megabytes.toFixed(1)} MB an hour`
}

function verdictOf(problems: readonly string[]): string {
  return problems.length === 0 ? 'Flat, nothing lost.' : `Not flat:\n${problems.join('\n')}`
}
