import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueLayout } from '../../lib/tenants/pools.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { declareQueues, fill, trickle } from '../backlog.ts'
import { leanWorker } from '../contenders.ts'
import { benchTenants, nowMicros, warmUpEvents, warmUpTenant } from '../job.ts'
import { percentile } from '../latency.ts'
import { runContender, type Stub } from '../processes.ts'
import { readStub, resetStub } from '../stub-report.ts'
import { jobOf } from '../throughput.ts'
import { median } from './bridge.ts'

/** Where the flood is: in a queue of its tenant's own, in the pool of no neighbour, or in that of all. */
export const floodPlaces = ['own', 'other pools', 'the same pool'] as const
export type FloodPlace = (typeof floodPlaces)[number]

/** What nine tenants wait while a tenth floods the bridge. */
export interface FloodScale {
  readonly contender: string
  readonly place: FloodPlace
  readonly flood: number
  /** Milliseconds from publish to accepted, without the flood and beside it: the medians of the rounds. */
  readonly quiet: Waits
  readonly beside: Waits
  /** The p99 beside the flood to the quiet one of the same round, the lowest first. */
  readonly ratios: readonly number[]
}

interface Waits {
  readonly events: number
  readonly p50: number
  readonly p99: number
}

/** Of the nine together. */
const perSecond = 180
const quietSeconds = 8
/** As long as the flood takes to work off, or longer. */
const floodSeconds = 30

/** Milliseconds between two looks at whether the contender works. */
const lookEvery = 100

/** Events that were published while the contender started are left out. */
const startMicros = 500_000

/** Measures quiet and flood in turns. A drain ends where there is nothing to do, so the worker is measured. */
export async function measureFlood(
  stub: Stub,
  amqpUrl: string,
  { place, flood: size, rounds }: { place: FloodPlace; flood: number; rounds: number },
): Promise<FloodScale> {
  const all: { quiet: Waits; beside: Waits }[] = []
  for (let round = 0; round < rounds; round += 1) {
    all.push({ quiet: await measure(0), beside: await measure(size) })
  }
  return {
    ...{ contender: leanWorker.name, place, flood: size },
    quiet: mediansOf(all.map(({ quiet }) => quiet)),
    beside: mediansOf(all.map(({ beside }) => beside)),
    ratios: all.map(({ quiet, beside }) => beside.p99 / quiet.p99).toSorted((a, b) => a - b),
  }

  async function measure(backlog: number): Promise<Waits> {
    const queues: QueueLayout = place === 'own' ? 'own' : 'pooled'
    const pools = place === 'the same pool' ? 1 : 10
    const tenants = benchTenants(10, queues, pools)
    const [flooding, ...neighbours] = tenants as [Tenant, ...Tenant[]]
    await declareQueues(amqpUrl, [warmUpTenant, ...tenants])
    await fill(amqpUrl, [warmUpTenant], warmUpEvents)
    await resetStub(stub.url)
    const seconds = backlog > 0 ? floodSeconds : quietSeconds
    const events = backlog + perSecond * seconds
    const load = { stub, amqpUrl, calls: leanWorker.calls[0], events, tenants: 10, queues, pools }
    const [cost, floodedMicros] = await Promise.all([
      runContender(leanWorker, jobOf(leanWorker, load)),
      backlog > 0 ? flood(flooding, backlog) : 0,
      trickle(amqpUrl, neighbours, { perSecond, seconds }),
    ])
    const { waits, acceptedMicros, lastUnclockedMicros } = await readStub(stub.url)
    const from = Math.max(cost.startedMicros + startMicros, floodedMicros)
    const to = backlog > 0 ? lastUnclockedMicros : Number.POSITIVE_INFINITY
    const counted = waits
      .filter((wait, index) => {
        const sentAt = (acceptedMicros[index] ?? 0) - wait
        return sentAt >= from && sentAt <= to
      })
      .sort((a, b) => a - b)
    const milliseconds = (fraction: number) => percentile(counted, fraction) / 1000
    return { events: counted.length, p50: milliseconds(0.5), p99: milliseconds(0.99) }
  }

  /**
   * Floods as soon as the contender works: the warm-up's events carry no clock.
   *
   * @returns when it began
   */
  async function flood(tenant: Tenant, count: number): Promise<number> {
    while ((await readStub(stub.url)).waits.length === 0) await sleep(lookEvery)
    const began = nowMicros()
    await fill(amqpUrl, [tenant], count)
    return began
  }
}

function mediansOf(all: readonly Waits[]): Waits {
  return {
    events: median(all.map(({ events }) => events)),
    p50: median(all.map(({ p50 }) => p50)),
    p99: median(all.map(({ p99 }) => p99)),
  }
}
