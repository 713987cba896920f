import { loadavg } from 'node:os'
import type { Contender } from '../contenders.ts'
import type { Stub } from '../processes.ts'
import { median } from '../scale/bridge.ts'
import { formatInteger, table } from '../tables.ts'
import { jobOf, runOnBacklog, type Throughput } from '../throughput.ts'

export interface PairedPlan {
  /** The first is the reference of the others. */
  readonly contenders: readonly Contender[]
  readonly events: number
  readonly tenants: number
  readonly rounds: number
  /** The broker's process. */
  readonly brokerPid: number | undefined
}

/** What one contender did in one round. */
export interface Round extends Throughput {
  /** Processes that ran, over the last minute. */
  readonly load: number
}

/**
 * Measures the contenders in turns, round after round, so that whatever else the machine does is the same for all.
 *
 * @returns the rounds; in each, the runs in the order of the contenders
 */
export async function measurePaired(
  stub: Stub,
  amqpUrl: string,
  { contenders, rounds, ...load }: PairedPlan,
  onRun: (run: Round) => void,
): Promise<Round[][]> {
  const all: Round[][] = []
  for (let round = 0; round < rounds; round += 1) {
    const runs: Round[] = []
    for (const contender of contenders) {
      const tried: Round[] = []
      for (const calls of triedCalls(contender)) {
        const run = await runOnBacklog(
          contender,
          jobOf(contender, { ...load, stub, amqpUrl, calls }),
          stub,
        )
        tried.push({ ...run, load: loadavg()[0] ?? 0 })
      }
      const fastest = tried.reduce((best, run) => (run.perSecond > best.perSecond ? run : best))
      onRun(fastest)
      runs.push(fastest)
    }
    all.push(runs)
  }
  return all
}

/** A bridge finds the number of calls itself, within its largest bound; for the others the best counts. */
function triedCalls({ calls, nodeOptions }: Contender): readonly number[] {
  return nodeOptions ? calls.slice(-1) : calls
}

const head = [
  'contender',
  'stub',
  'tenants',
  'events',
  'events/s',
  'to the reference',
  'CPU per event',
  'to the reference',
  "the broker's",
  'peak memory',
  'load',
]

/** The medians of the rounds, and in brackets the lowest and the highest. */
export function tableOf(measurements: readonly (readonly Round[][])[]): string {
  const rows = measurements.flatMap((rounds) => (rounds[0] ?? []).map((_, at) => row(rounds, at)))
  return table('In turns', head, rows)
}

function row(rounds: readonly Round[][], at: number): string[] {
  const runs = rounds.map((round) => round[at] as Round)
  const [{ contender, latency, tenants, events }] = runs as [Round]
  const of = (figure: (run: Round) => number) => median(runs.map(figure))
  const ratioOf = (figure: (run: Round) => number) => {
    const ratios = rounds.map((round) => figure(round[at] as Round) / figure(round[0] as Round))
    const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)]
    if (at === 0) return '1.00 ×'
    return `${median(ratios).toFixed(2)} × (${lowest.toFixed(2)} – ${highest.toFixed(2)})`
  }
  return [
    contender,
    `${latency} ms`,
    formatInteger(tenants),
    formatInteger(events),
    formatInteger(of(({ perSecond }) => perSecond)),
    ratioOf(({ perSecond }) => perSecond),
    `${of(({ cpuPerEvent }) => cpuPerEvent).toFixed(1)} µs`,
    ratioOf(({ cpuPerEvent }) => cpuPerEvent),
    `${of(({ brokerCpuPerEvent }) => brokerCpuPerEvent).toFixed(1)} µs`,
    `${formatInteger(Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)))} MB`,
    of(({ load }) => load).toFixed(1),
  ]
}
