import type { Tenant } from '../lib/tenants/tenants-file.ts'
import { declareQueues, fill, trickle } from './backlog.ts'
import { type Contender, consumingDoors, longRunDoors } from './contenders.ts'
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
  readonly max: number
}

const perSecond = 1_000

/** Measures the latency from publish to accepted at 1,000 events a second. */
export async function measureLatency(
  stubs: readonly Stub[],
  amqpUrl: string,
  seconds: number,
): Promise<Latency[]> {
  const results: Latency[] = []
  for (const stub of stubs) {
    for (const contender of consumingDoors) {
      const trickling = { tenants: benchTenants(1), perSecond, seconds }
      results.push(await measureOne(contender, stub, amqpUrl, trickling))
    }
  }
  return results
}

/** Measures the latency of a tenant with few events beside another tenant's backlog. */
export async function measureNeighbour(
  stub: Stub,
  amqpUrl: string,
  backlog: number,
): Promise<Latency[]> {
  const results: Latency[] = []
  for (const contender of longRunDoors) {
    const [flooding, ...neighbours] = benchTenants(2)
    if (flooding === undefined) break
    await declareQueues(amqpUrl, [flooding])
    await fill(amqpUrl, [flooding], backlog)
    const trickling = { tenants: neighbours, perSecond: 20, seconds: 4 }
    results.push(await measureOne(contender, stub, amqpUrl, trickling, backlog))
  }
  return results
}

interface Trickling {
  readonly tenants: readonly Tenant[]
  readonly perSecond: number
  readonly seconds: number
}

/** @param backlog events of another tenant that wait already */
async function measureOne(
  contender: Contender,
  stub: Stub,
  amqpUrl: string,
  { tenants, ...rate }: Trickling,
  backlog = 0,
): Promise<Latency> {
  await declareQueues(amqpUrl, [warmUpTenant, ...tenants])
  await fill(amqpUrl, [warmUpTenant], warmUpEvents)
  const events = rate.perSecond * rate.seconds + backlog
  const count = backlog > 0 ? tenants.length + 1 : tenants.length
  const load = { stub, amqpUrl, calls: contender.calls[0], events, tenants: count }
  const job = { ...jobOf(contender, load), events }
  await Promise.all([trickle(amqpUrl, tenants, rate), runContender(contender, job)])
  const { waits } = await readStub(stub.url)
  // Events gather while the contender starts and warms up: the first half is left out.
  const settled = waits.slice(waits.length / 2).sort((a, b) => a - b)
  return {
    contender: contender.name,
    latency: stub.latency,
    events: settled.length,
    p50: percentile(settled, 0.5) / 1000,
    p99: percentile(settled, 0.99) / 1000,
    max: percentile(settled, 1) / 1000,
  }
}

export function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.ceil(sorted.length * fraction) - 1] ?? Number.NaN
}
