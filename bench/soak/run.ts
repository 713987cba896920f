import { execFile } from 'node:child_process'
import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { count } from '../../bin/commands/count.ts'
import { bundle } from '../../build/bundle.ts'
import { aboveZero, someOf } from '../../local/options.ts'
import { inStep } from '../../local/progress.ts'
import { createScript } from '../../local/script.ts'
import { leanWorker } from '../contenders.ts'
import { bundles } from '../processes.ts'
import { commit, machine } from '../results.ts'
import { type Bench, runOnBroker } from '../run-on-broker.ts'
import { readCommitted } from '../worse.ts'
import { latency } from './bus.ts'
import { soakDrain } from './drain.ts'
import { type About, addDrain, addWorker } from './results.ts'
import type { Sample } from './sample.ts'
import { soakWorker } from './soak.ts'
import { drainTables, workerTables } from './tables.ts'

// npm run bench:soak: whether anything grows in an hour, and with one drain after another.

const parts = ['worker', 'drain']

const options = createScript('bench:soak')
  .description(
    'Runs the worker for an hour, and the drain again and again, to see whether anything grows',
  )
  .option(
    '--parts <parts>',
    `what to run: ${parts.join(', ')}, with commas`,
    someOf(() => parts),
    parts,
  )
  .option('--minutes <number>', 'how long the worker runs', aboveZero, 60)
  .option(
    '--rate <number>',
    'events a second (default: half of the worker in bench/results)',
    count,
  )
  .option('--tenants <number>', 'tenants that share the events', count, 10)
  .option('--every <seconds>', 'between two samples', count, 10)
  .option('--drains <number>', 'how often it is drained', count, 60)
  .option('--drain-events <number>', 'events of each drain', count, 2_000)
  .option('--results <folder>', 'where soak.json and soak.svg are written', 'bench/results')
  .parse()
  .opts<{
    parts: readonly string[]
    minutes: number
    rate?: number
    tenants: number
    every: number
    drains: number
    drainEvents: number
    results: string
  }>()

await runOnBroker(async (bench) => {
  const measured = await commit()
  const about = (): About => ({
    ...{ commit: measured, machine: machine(), load: loadavg()[2] ?? 0 },
    ended: new Date().toISOString(),
  })
  if (options.parts.includes('worker')) await runWorker(bench, about)
  if (options.parts.includes('drain')) await runDrain(bench, about)
  bench.print(`\nAt commit ${measured}.`)
})

async function runWorker({ amqpUrl, onProgress, print }: Bench, about: () => About): Promise<void> {
  // As the npm package has it.
  await inStep(onProgress, 'Build', () => promisify(execFile)(process.execPath, ['build/dist.ts']))
  const { minutes, tenants, every } = options
  const rate = options.rate ?? (await halfOfCommitted())
  const soak = await soakWorker(amqpUrl, { rate, minutes, tenants, every }, (sample) => {
    print(lineOf(sample))
  })
  await addWorker(options.results, soak, about())
  print(`\n${workerTables(soak)}\n`)
  if (soak.problems.length > 0) process.exitCode = 1
}

async function runDrain({ print, ...bench }: Bench, about: () => About): Promise<void> {
  await bundle([{ in: 'bench/soak/drains.ts', out: 'soak-drains' }], resolve(bundles))
  const { drains, drainEvents: events, tenants } = options
  const all = await soakDrain(bench, { drains, events, tenants }, ({ listed, ...one }, number) => {
    const counts = `${listed ?? one.atBroker} at the broker, ${one.atBus} at the bus`
    print(`Drain ${number}: ${counts}, ${one.handles} files, ${one.megabytes.toFixed(0)} MB`)
  })
  await addDrain(options.results, all, about())
  print(`\n${drainTables(all)}\n`)
  if (all.problems.length > 0) process.exitCode = 1
}

async function halfOfCommitted(): Promise<number> {
  const { throughput } = await readCommitted()
  const run = throughput.find((one) => one.contender === leanWorker.name && one.latency === latency)
  if (run) return Math.round(run.perSecond / 2)
  throw new Error(`bench/results has no ${leanWorker.name} at ${latency} ms: say --rate`)
}

function lineOf({ seconds, accepted, p50, p99, ...sample }: Sample): string {
  const flow = `${accepted.toFixed(0)} events/s, ${sample.waiting} waiting`
  const waits = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  const memory = `${sample.megabytes.toFixed(0)} MB, heap ${sample.heapMegabytes.toFixed(0)} MB`
  const open = `${sample.handles} files, ${sample.atBroker} + ${sample.atBus} connections`
  return `${(seconds / 60).toFixed(1)} min: ${flow}, ${waits}, ${memory}, ${open}, load ${sample.load.toFixed(1)}`
}
