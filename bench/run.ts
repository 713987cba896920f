import { resolve } from 'node:path'
import { bundle } from '../build/bundle.ts'
import { inStep } from '../local/progress.ts'
import {
  brokerAlone,
  type Contender,
  consumingDoors,
  contenders,
  longRunDoors,
} from './contenders.ts'
import { measureLatency, measureNeighbour } from './latency.ts'
import { bundles, type Stub, startStub } from './processes.ts'
import { machine, writeResults } from './results.ts'
import { type Bench, runOnBroker } from './run-on-broker.ts'
import type { Results } from './tables.ts'
import { tablesOf } from './tables.ts'
import { jobOf, type Load, measureThroughput, runOnBacklog, type Throughput } from './throughput.ts'
import { readCommitted, worseThan } from './worse.ts'

/** `npm run bench`. With `-- --quick` it measures less, and writes to `.local/bench/` only. */
const quick = process.argv.includes('--quick')
const plan = quick
  ? {
      latencies: [0, 10],
      events: 16_000,
      rounds: 1,
      seconds: 3,
      backlogs: [50_000],
      tenantEvents: 15_000,
      tenants: [1, 100],
      pooledTenants: [100],
      flood: 60_000,
    }
  : {
      latencies: [0, 10, 50],
      events: 30_000,
      rounds: 2,
      seconds: 6,
      backlogs: [100_000, 1_000_000],
      tenantEvents: 100_000,
      tenants: [1, 10, 100, 1_000],
      pooledTenants: [1_000],
      flood: 100_000,
    }

const scratch = resolve(bundles)

await runOnBroker(async (broker) => {
  await writeResults(await bench(broker), quick ? scratch : undefined)
})

async function bench({ amqpUrl, onProgress, print }: Bench): Promise<Results> {
  const step = <T>(name: string, work: () => Promise<T>) => inStep(onProgress, name, work)
  const files = [...new Set(contenders.map(({ file }) => file))]
  await bundle(
    files.map((file) => ({ in: `bench/contenders/${file}.ts`, out: file })),
    scratch,
  )
  const stubs = await Promise.all(plan.latencies.map(startStub))
  const stubOf10ms = stubs.find(({ latency }) => latency === 10) as Stub
  try {
    const results: Results = {
      machine: machine(),
      throughput: await step('Throughput', () => measureThroughput(stubs, amqpUrl, plan)),
      latency: await step('Latency', () => measureLatency(stubs, amqpUrl, plan.seconds)),
      neighbour: await step('Neighbour', () => measureNeighbour(stubOf10ms, amqpUrl, plan.flood)),
      tenants: await step('Tenants', () => measureTenants(stubOf10ms, amqpUrl)),
      memory: await step('Memory', () => measureMemory(stubOf10ms, amqpUrl)),
    }
    for (const table of tablesOf(results)) print(`\n${table}`)
    const worse = worseThan(await readCommitted(), results)
    if (worse.length > 0) {
      print(`\nWorse than the committed results by more than a tenth:\n${worse.join('\n')}`)
    }
    return results
  } finally {
    for (const stub of stubs) stub.stop()
  }
}

/** Measures the same load over more and more tenants. */
function measureTenants(stub: Stub, amqpUrl: string): Promise<Throughput[]> {
  const events = plan.tenantEvents
  const loads = [
    ...plan.tenants.map((tenants) => ({ tenants, events })),
    ...plan.pooledTenants.map((tenants) => ({ tenants, events, queues: 'pooled' as const })),
  ]
  return runFrontDoors([brokerAlone, ...longRunDoors], loads, stub, amqpUrl)
}

function measureMemory(stub: Stub, amqpUrl: string): Promise<Throughput[]> {
  const loads = plan.backlogs.map((events) => ({ tenants: 1, events }))
  return runFrontDoors(consumingDoors, loads, stub, amqpUrl)
}

async function runFrontDoors(
  doors: readonly Contender[],
  loads: readonly Pick<Load, 'tenants' | 'events' | 'queues'>[],
  stub: Stub,
  amqpUrl: string,
): Promise<Throughput[]> {
  const runs: Throughput[] = []
  for (const load of loads) {
    for (const door of doors) {
      const job = jobOf(door, { stub, amqpUrl, calls: door.calls[0], ...load })
      runs.push(await runOnBacklog(door, job, stub))
    }
  }
  return runs
}
