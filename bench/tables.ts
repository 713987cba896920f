import { bareSdk, frontDoors, naive } from './contenders.ts'
import type { Latency } from './latency.ts'
import type { Throughput } from './throughput.ts'

export interface Results {
  /** Processor and Node version. On other machines only the ratios are comparable. */
  readonly machine: string
  readonly throughput: readonly Throughput[]
  readonly latency: readonly Latency[]
  /** Latency of a tenant with few events beside another tenant's backlog. */
  readonly neighbour: readonly Latency[]
  readonly tenants: readonly Throughput[]
  readonly memory: readonly Throughput[]
}

/** Formats the results as Markdown tables with headings. */
export function tablesOf(results: Results): string[] {
  return [
    table('Throughput and cost', throughputHead, results.throughput.map(throughputRow)),
    table('Against the bare SDK and the naive consumer', ratioHead, ratioRows(results.throughput)),
    table(
      'From publish to accepted, at 1,000 events a second',
      ['contender', 'stub', 'p50', 'p99', 'p99 over the stub'],
      results.latency.map(({ contender, latency, p50, p99 }) => [
        contender,
        `${latency} ms`,
        `${p50.toFixed(1)} ms`,
        `${p99.toFixed(1)} ms`,
        `${(p99 - latency).toFixed(1)} ms`,
      ]),
    ),
    table(
      "A tenant's single events beside another's backlog of 100,000 (stub of 10 ms)",
      ['contender', 'p50', 'longest'],
      results.neighbour.map(({ contender, p50, max }) => [
        contender,
        `${p50.toFixed(1)} ms`,
        `${max.toFixed(1)} ms`,
      ]),
    ),
    table(
      'Memory with a backlog (stub of 10 ms)',
      ['contender', 'backlog', 'peak memory', 'events/s'],
      results.memory.map(({ contender, events, peakMegabytes, perSecond }) => [
        contender,
        formatInteger(events),
        `${formatInteger(peakMegabytes)} MB`,
        formatInteger(perSecond),
      ]),
    ),
    table(
      'The same load over more tenants (stub of 10 ms)',
      [
        'contender',
        'tenants',
        'queues',
        'events/s, overall',
        'ratio to one tenant',
        'from the first event on',
      ],
      results.tenants.map(({ contender, tenants, queues, perSecond, steadyPerSecond }) => [
        contender,
        formatInteger(tenants),
        queues,
        formatInteger(perSecond),
        ratio(perSecond, withOneTenant(results, contender)?.perSecond),
        formatInteger(steadyPerSecond),
      ]),
    ),
  ]
}

function withOneTenant({ tenants }: Results, name: string): Throughput | undefined {
  return tenants.find((run) => run.contender === name && run.tenants === 1)
}

const throughputHead = ['contender', 'stub', 'calls', 'events/s', 'CPU per event']

function throughputRow(run: Throughput): string[] {
  return [
    run.contender,
    `${run.latency} ms`,
    String(run.calls),
    formatInteger(run.perSecond),
    `${run.cpuPerEvent.toFixed(1)} µs`,
  ]
}

const ratioHead = [
  'contender',
  'stub',
  'events/s to bare SDK',
  'CPU to bare SDK',
  'events/s to naive',
]

function ratioRows(runs: readonly Throughput[]): string[][] {
  return runs
    .filter(({ contender }) => frontDoors.some(({ name }) => name === contender))
    .map((run) => {
      const runOf = (name: string) =>
        runs.find(({ contender, latency }) => contender === name && latency === run.latency)
      const sdk = runOf(bareSdk.name)
      return [
        run.contender,
        `${run.latency} ms`,
        ratio(run.perSecond, sdk?.perSecond),
        ratio(run.cpuPerEvent, sdk?.cpuPerEvent),
        ratio(run.perSecond, runOf(naive.name)?.perSecond),
      ]
    })
}

export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return [`### ${title}`, '', line(head), line(rule), ...rows.map(line)].join('\n')
}

export function formatInteger(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function ratio(value: number, to: number | undefined): string {
  return to === undefined ? '–' : `${(value / to).toFixed(2)} ×`
}
