import { declareQueues, fill, trickle } from './backlog.ts'
import { bridgeCalls, brokerDoors, type Contender } from './contenders.ts'
import { benchTenants, warmUpEvents, warmUpTenant } from './job.ts'
import { runContender, type Stub } from './processes.ts'
import { readStub } from './stub-report.ts'
import { jobOf } from './throughput.ts'

export interface Latency {
  readonly contender: string
  readonly latency: number
  readonly events: number
  /** Milliseconds from publish to accepted. */
  readonly p50: number
  readonly p99: number
}

const perSecond = 1_000

/** From publish to accepted, at 1,000 events a second. */
export async function measureLatency(
  stubs: readonly Stub[],
  amqpUrl: string,
  seconds: number,
): Promise<Latency[]> {
  const results: Latency[] = []
  for (const stub of stubs) {
    for (const contender of brokerDoors) {
      results.push(await measureOne(contender, stub, amqpUrl, seconds))
    }
  }
  return results
}

async function measureOne(
  contender: Contender,
  stub: Stub,
  amqpUrl: string,
  seconds: number,
): Promise<Latency> {
  const tenants = benchTenants(1)
  await declareQueues(amqpUrl, [warmUpTenant, ...tenants])
  await fill(amqpUrl, [warmUpTenant], warmUpEvents)
  const load = { stub, amqpUrl, calls: bridgeCalls, events: perSecond * seconds, tenants: 1 }
  const job = { ...jobOf(contender, load), events: load.events }
  await Promise.all([
    trickle(amqpUrl, tenants, { perSecond, seconds }),
    runContender(contender, job),
  ])
  const { waits } = await readStub(stub.url)
  // While the contender starts and warms up, events gather: they are not what is asked here.
  const settled = waits.slice(waits.length / 2).sort((a, b) => a - b)
  return {
    contender: contender.name,
    latency: stub.latency,
    events: settled.length,
    p50: percentile(settled, 0.5) / 1000,
    p99: percentile(settled, 0.99) / 1000,
  }
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
}
