import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import { Option } from 'commander'
import { count } from '../../bin/commands/count.ts'
import { bundle } from '../../build/bundle.ts'
import { messageOf } from '../../lib/errors.ts'
import { type QueueLayout, queueLayouts } from '../../lib/tenants/pools.ts'
import { writeTenants } from '../../local/demo/run-tenants.ts'
import { someOf } from '../../local/options.ts'
import { inStep } from '../../local/progress.ts'
import { createScript } from '../../local/script.ts'
import { withStack } from '../../local/stack.ts'
import { createTerminal } from '../../local/terminal.ts'
import { brokerAlone, longRunDoors } from '../contenders.ts'
import { benchTenants } from '../job.ts'
import { bundles, startStub } from '../processes.ts'
import { commit, machine } from '../results.ts'
import { withBroker } from '../run-on-broker.ts'
import { brokerProcess } from '../stack/processes.ts'
import { measureBridge } from './bridge.ts'
import { cellTenantsFile, measureCell } from './cell.ts'
import { floodPlaces, measureFlood } from './flood.ts'
import { addResults, type Part, parts, writePage } from './page.ts'

// npm run bench:scale: what grows with the number of tenants. Each run replaces its own rows of the results.

const options = createScript('bench:scale')
  .description(
    'Measures a cell, the bridge, and a flood beside neighbours, with more and more tenants',
  )
  .addOption(list<Part>('--parts <parts>', parts, 'what to measure'))
  .option(
    '--tenants <counts>',
    'numbers of tenants, with commas',
    counts,
    [1, 10, 100, 1_000, 10_000],
  )
  .addOption(list<QueueLayout>('--queues <layouts>', queueLayouts, 'queues of the bridge'))
  .option('--events <number>', 'events of a run of the bridge', count, 60_000)
  .option('--flood <number>', 'events of the flood', count, 50_000)
  .option('--flood-rate <number>', 'events of the flood that are published a second', count, 10_000)
  .option('--rounds <number>', 'how often the bridge and the flood are measured', count, 3)
  .option('--page', 'only write the tables of docs/scale.md from the results')
  .parse()
  .opts<{
    parts: Part[]
    tenants: number[]
    queues: QueueLayout[]
    events: number
    flood: number
    floodRate: number
    rounds: number
    page?: boolean
  }>()

/** Each tenant has two quorum queues at the broker: 10,000 do not fit a machine of this size. */
const mostOwn = 1_000

/** Before the results change. */
const measured = await commit()
const terminal = createTerminal()
const stateDir = resolve('.local')

try {
  if (!options.page) {
    const has = (part: Part) => options.parts.includes(part)
    if (has('cell')) await measureCells()
    if (has('bridge') || has('flood')) {
      const { signal } = new AbortController()
      await withBroker({ stateDir, onProgress: terminal.onProgress, signal }, measureBridges)
    }
  }
  for (const table of await writePage()) terminal.print(`\n${table}`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

async function measureCells(): Promise<void> {
  await writeTenants(cellTenantsFile, benchTenants(1))
  const stack = {
    stateDir,
    onProgress: terminal.onProgress,
    cell: 'main',
    tenantsFile: cellTenantsFile,
  }
  await withStack(stack, async (running) => {
    for (const tenants of options.tenants) {
      await record('cell', [await measureCell(running, tenants)])
    }
  })
}

async function measureBridges(amqpUrl: string): Promise<void> {
  const files = [...new Set([brokerAlone, ...longRunDoors].map(({ file }) => file))]
  await bundle(
    files.map((file) => ({ in: `bench/contenders/${file}.ts`, out: file })),
    resolve(bundles),
  )
  const stub = await startStub(10)
  const { events, flood, floodRate, rounds } = options
  try {
    if (options.parts.includes('flood')) {
      for (const place of floodPlaces) {
        if (!options.queues.includes(place === 'own' ? 'own' : 'pooled')) continue
        const plan = { place, flood, floodPerSecond: floodRate, rounds }
        await record('flood', [
          await step(`A flood, ${place}`, () => measureFlood(stub, amqpUrl, plan)),
        ])
      }
    }
    if (!options.parts.includes('bridge')) return
    for (const queues of options.queues) {
      for (const tenants of options.tenants) {
        if (tenants === 1 || (queues === 'own' && tenants > mostOwn)) continue
        const plan = { queues, tenants, events, rounds, brokerPid: brokerProcess() }
        await record(
          'bridge',
          await step(`${tenants} tenants, ${queues}`, () => measureBridge(stub, amqpUrl, plan)),
        )
      }
    }
  } finally {
    stub.stop()
  }
}

/** Adds the rows, with the commit, the machine and its load by everything that ran. */
async function record(part: Part, rows: readonly object[]): Promise<void> {
  const about = {
    commit: measured,
    machine: machine(),
    load: Number((loadavg()[1] ?? 0).toFixed(1)),
  }
  await addResults(
    part,
    rows.map((row) => ({ ...row, ...about })),
  )
}

function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  return inStep(terminal.onProgress, name, work)
}

function counts(text: string): number[] {
  return text.split(',').map(count)
}

function list<Value extends string>(flags: string, values: readonly Value[], what: string): Option {
  return new Option(flags, `${what}: ${values.join(', ')}, with commas`)
    .default([...values])
    .argParser(someOf(() => values))
}
