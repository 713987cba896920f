import type { QueueLayout } from '../lib/tenants/pools.ts'
import { declareQueues, fill } from './backlog.ts'
import { type Contender, contenders } from './contenders.ts'
import { benchTenants, type Cost, type Job, warmUpEvents, warmUpTenant } from './job.ts'
import { runContender, type Stub } from './processes.ts'
import { readStub } from './stub-report.ts'

/** The result of one run of a contender. */
export interface Throughput {
  readonly contender: string
  readonly latency: number
  readonly calls: number
  readonly tenants: number
  readonly queues: QueueLayout
  readonly events: number
  /** From the start to the last accepted event, with connecting and declaring. */
  readonly perSecond: number
  /** From the first to the last accepted event. */
  readonly steadyPerSecond: number
  readonly cpuPerEvent: number
  /** The broker's. */
  readonly brokerCpuPerEvent: number
  readonly peakMegabytes: number
  /** Accepted entries minus events; expected to be 0. */
  readonly surplus: number
}

export interface ThroughputPlan {
  readonly events: number
  readonly rounds: number
}

/** Measures every contender against each stub, in turns, so that disturbances of the machine spread evenly. */
export async function measureThroughput(
  stubs: readonly Stub[],
  amqpUrl: string,
  { events, rounds }: ThroughputPlan,
): Promise<Throughput[]> {
  const runs: Throughput[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const stub of stubs) {
      for (const contender of contenders) {
        for (const calls of contender.calls) {
          const job = jobOf(contender, { stub, amqpUrl, calls, events, tenants: 1 })
          runs.push(await runOnBacklog(contender, job, stub))
        }
      }
    }
  }
  return fastestRuns(runs)
}

export interface Load {
  readonly stub: Stub
  readonly amqpUrl: string
  readonly calls: number
  readonly events: number
  readonly tenants: number
  readonly queues?: QueueLayout
  readonly pools?: number
  readonly brokerPid?: number | undefined
}

export function jobOf(contender: Contender, { stub, ...load }: Load): Job {
  const events = load.events * (contender.share ?? 1)
  return { ...load, events, stubUrl: stub.url, client: contender.client }
}

/** Fills the queues of a consuming contender, and runs the contender until it is done. */
export async function runOnBacklog(
  contender: Contender,
  job: Job,
  stub: Stub,
): Promise<Throughput> {
  const tenants = benchTenants(job.tenants, job.queues, job.pools)
  if (contender.consumes) {
    await declareQueues(job.amqpUrl, [warmUpTenant, ...tenants])
    await fill(job.amqpUrl, [warmUpTenant], warmUpEvents)
    await fill(job.amqpUrl, tenants, job.events)
  }
  const cost = await runContender(contender, job)
  const { entries, firstMicros, lastMicros } =
    contender.sends === false ? reportWithoutStub(job, cost) : await readStub(stub.url)
  return {
    contender: contender.name,
    latency: stub.latency,
    calls: job.calls,
    tenants: job.tenants,
    queues: job.queues ?? 'own',
    events: job.events,
    perSecond: (job.events / (lastMicros - cost.startedMicros)) * 1e6,
    steadyPerSecond: (job.events / (lastMicros - firstMicros)) * 1e6,
    cpuPerEvent: cost.cpuMicros / job.events,
    brokerCpuPerEvent: cost.brokerCpuMicros / job.events,
    peakMegabytes: cost.peakMegabytes,
    surplus: entries - job.events,
  }
}

/** The report of a contender that does not send to the stub. */
function reportWithoutStub({ events }: Job, { startedMicros, endedMicros }: Cost) {
  return { entries: events, firstMicros: startedMicros, lastMicros: endedMicros }
}

/** The fastest run of each contender at each latency. */
function fastestRuns(runs: readonly Throughput[]): Throughput[] {
  const fastest = new Map<string, Throughput>()
  for (const run of runs) {
    const key = `${run.latency} ${run.contender}`
    const known = fastest.get(key)
    if (known === undefined || run.perSecond > known.perSecond) fastest.set(key, run)
  }
  return [...fastest.values()].sort((a, b) => a.latency - b.latency)
}
