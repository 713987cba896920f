import { median } from '../scale/bridge.ts'
import type { Sample } from './sample.ts'

/** A figure in the second and in the last quarter of the time: the first is the warm-up. */
export interface Trend {
  readonly name: string
  /** The medians of the samples. */
  readonly second: number
  readonly last: number
  readonly ratio: number
  /** By how much it may have grown. */
  readonly limit: number
}

/** What a soak shows. */
export interface Verdict {
  readonly trends: readonly Trend[]
  /** Of the straight line that fits the samples from the second quarter on best (least squares). */
  readonly megabytesPerHour: number
  readonly heapMegabytesPerHour: number
  /** What is wrong, in words. */
  readonly problems: readonly string[]
}

/** What was published and what came of it. */
export interface Outcome {
  readonly published: number
  readonly accepted: number
  readonly doubled: number
  /** Entries that nobody published. */
  readonly others: number
  /** Events in the broker's queues after the worker's end, dead letters too. */
  readonly left: number
  /** The worker's exit code. */
  readonly exitCode: number | null
}

type Figure = Exclude<keyof Sample, 'seconds'>

/**
 * Less is noise. Timers and resources are those of the calls in flight at that moment; the p99 also shows what else
 * the machine did.
 */
const limits: Partial<Record<Figure, number>> = {
  megabytes: 1.1,
  heapMegabytes: 1.1,
  handles: 1.1,
  threads: 1.1,
  timers: 1.5,
  resources: 1.5,
  toBroker: 1,
  atBroker: 1,
  toBus: 1.1,
  atBus: 1.1,
  p50: 1.25,
  p99: 1.5,
}

export function judge(samples: readonly Sample[], outcome: Outcome): Verdict {
  const quarters = quartersOf(samples)
  const trends = Object.entries(limits).map(([name, limit]) =>
    trendOf(name as Figure, quarters, limit),
  )
  const settled = quarters.slice(1).flat()
  const slopeOf = (name: Figure) =>
    slope(settled.map((sample) => [sample.seconds / 3600, sample[name]]))
  return {
    trends,
    megabytesPerHour: slopeOf('megabytes'),
    heapMegabytesPerHour: slopeOf('heapMegabytes'),
    problems: [...problemsOf(outcome), ...trends.filter(hasGrown).map(grownText)],
  }
}

export function problemsOf({ published, accepted, ...outcome }: Outcome): string[] {
  const counted = {
    lost: published - accepted,
    doubled: outcome.doubled,
    'nobody published': outcome.others,
    'left at the broker': outcome.left,
  }
  const wrong = Object.entries(counted).filter(([, count]) => count !== 0)
  return [
    ...wrong.map(([what, count]) => `${what}: ${count}`),
    ...(outcome.exitCode === 0 ? [] : [`the worker's exit code: ${outcome.exitCode}`]),
  ]
}

/** Four parts of the samples by their time, each as long as the others. */
export function quartersOf(samples: readonly Sample[]): Sample[][] {
  const end = samples.at(-1)?.seconds ?? 0
  const quarters: Sample[][] = [[], [], [], []]
  for (const sample of samples) {
    // A sample is of the time before it.
    quarters[Math.max(0, Math.ceil((sample.seconds / end) * 4) - 1)]?.push(sample)
  }
  return quarters
}

function trendOf(name: Figure, quarters: readonly Sample[][], limit: number): Trend {
  const of = (quarter: number) => median((quarters[quarter] ?? []).map((sample) => sample[name]))
  const [second, last] = [of(1), of(3)]
  return { name, second, last, ratio: second === last ? 1 : last / second, limit }
}

export function hasGrown({ ratio, limit }: Trend): boolean {
  return ratio > limit
}

function grownText({ name, second, last }: Trend): string {
  return `${name}: ${second.toFixed(1)} in the second quarter, ${last.toFixed(1)} in the last`
}

/** The slope of the straight line that fits the points best (least squares); 0 for fewer than two. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [middleX, middleY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const sum = (of: (x: number, y: number) => number) =>
    points.reduce((total, [x, y]) => total + of(x - middleX, y - middleY), 0)
  const spread = sum((x) => x * x)
  return spread > 0 ? sum((x, y) => x * y) / spread : 0
}
