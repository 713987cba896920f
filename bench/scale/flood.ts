import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueLayout } from '../../lib/tenants/pools.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { declareQueues, fill, trickle } from '../backlog.ts'
import { leanWorker } from '../contenders.ts'
import { benchTenants, type Cost, warmUpEvents, warmUpTenant } from '../job.ts'
import { percentile } from '../latency.ts'
import { messageOf, runContender, type Stub, startStub } from '../processes.ts'
import { readStub, resetStub } from '../stub-report.ts'
import { jobOf } from '../throughput.ts'
import { median } from './bridge.ts'
import type { Flood } from './flood-publisher.ts'

/** Where the flood is: in a queue of its tenant's own, in the pool of no neighbour, or in that of all. */
export const floodPlaces = ['own', 'other pools', 'the same pool'] as const
export type FloodPlace = (typeof floodPlaces)[number]

/** What nine tenants wait while a tenth floods the bridge. */
export interface FloodScale {
  readonly contender: string
  readonly place: FloodPlace
  readonly flood: number
  readonly floodPerSecond: number
  /** Milliseconds from publish to accepted, the medians of the rounds: without a flood, */
  readonly quiet: Waits
  /** while another worker on the machine bridges the same flood of another cell to a bus of its own, */
  readonly elsewhere: Waits
  /** and while their own worker bridges it. */
  readonly beside: Waits
  /** The p99 beside the flood to the others of the same round, the lowest first. */
  readonly toQuiet: readonly number[]
  readonly toElsewhere: readonly number[]
}

interface Waits {
  readonly events: number
  readonly p50: number
  readonly p99: number
}

export interface FloodPlan {
  readonly place: FloodPlace
  readonly flood: number
  readonly floodPerSecond: number
  readonly rounds: number
}

/** Of the nine together. */
const perSecond = 180
const quietSeconds = 8
/** As long as a fast flood takes to work off, or longer. */
const floodSeconds = 20
/** For which the neighbours go on after the last event of a slow one. */
const secondsAfter = 5

/** Milliseconds between two looks at whether the contender works. */
const lookEvery = 100

/** Events that were published while the contender started are left out. */
const startMicros = 500_000

/** The tenant of another cell, whose flood costs the machine the same and the neighbours' worker nothing. */
const [stranger] = benchTenants(1, 'own', 1) as [Tenant]

/** Measures in turns. A drain ends where there is nothing to do, so the worker is measured. */
export async function measureFlood(
  stub: Stub,
  amqpUrl: string,
  { place, flood: size, floodPerSecond, rounds }: FloodPlan,
): Promise<FloodScale> {
  const queues: QueueLayout = place === 'own' ? 'own' : 'pooled'
  const pools = place === 'the same pool' ? 1 : 10
  const [flooding, ...neighbours] = benchTenants(10, queues, pools) as [Tenant, ...Tenant[]]
  const otherStub = await startStub(stub.latency)
  const runs: { quiet: Waits; elsewhere: Waits; beside: Waits }[] = []
  try {
    for (let round = 0; round < rounds; round += 1) {
      runs.push({
        quiet: await measure(undefined),
        elsewhere: await measure(stranger),
        beside: await measure(flooding),
      })
    }
  } finally {
    otherStub.stop()
  }
  const ratios = (to: 'quiet' | 'elsewhere') =>
    runs.map((run) => run.beside.p99 / run[to].p99).toSorted((a, b) => a - b)
  return {
    ...{ contender: leanWorker.name, place, flood: size, floodPerSecond },
    quiet: mediansOf(runs.map(({ quiet }) => quiet)),
    elsewhere: mediansOf(runs.map(({ elsewhere }) => elsewhere)),
    beside: mediansOf(runs.map(({ beside }) => beside)),
    toQuiet: ratios('quiet'),
    toElsewhere: ratios('elsewhere'),
  }

  /** @param tenant the one that floods */
  async function measure(tenant: Tenant | undefined): Promise<Waits> {
    await declareQueues(amqpUrl, [warmUpTenant, flooding, ...neighbours, stranger])
    const withFlood = Math.max(floodSeconds, Math.ceil(size / floodPerSecond) + secondsAfter)
    const seconds = tenant ? withFlood : quietSeconds
    const events = perSecond * seconds + (tenant === flooding ? size : 0)
    const load = { amqpUrl, calls: leanWorker.calls[0], brokerPid: undefined }
    const ours = { ...load, stub, events, tenants: 10, queues, pools }
    const others = { ...load, stub: otherStub, events: size, tenants: 1, pools: 1 }
    const helping = tenant === stranger && (await start({ ...others, queues: 'own' }))
    const working = await start(ours)
    const [floodedMicros] = await Promise.all([
      tenant ? flood(tenant) : 0,
      trickle(amqpUrl, neighbours, { perSecond, seconds }),
    ])
    const { startedMicros } = await working.ended
    if (helping) await helping.ended
    const { waits, acceptedMicros } = await readStub(stub.url)
    const { lastUnclockedMicros } = await readStub((helping ? otherStub : stub).url)
    const from = Math.max(startedMicros + startMicros, floodedMicros)
    const to = tenant ? lastUnclockedMicros : Number.POSITIVE_INFINITY
    const counted = waits
      .filter((wait, index) => {
        const sentAt = (acceptedMicros[index] ?? 0) - wait
        return sentAt >= from && sentAt <= to
      })
      .sort((a, b) => a - b)
    const milliseconds = (fraction: number) => percentile(counted, fraction) / 1000
    return { events: counted.length, p50: milliseconds(0.5), p99: milliseconds(0.99) }
  }

  /** Resolves when the contender has warmed up and begins. */
  async function start(load: Parameters<typeof jobOf>[1]): Promise<{ ended: Promise<Cost> }> {
    await fill(amqpUrl, [warmUpTenant], warmUpEvents)
    const { url } = load.stub
    await resetStub(url)
    const { sinceMicros } = await readStub(url)
    const ended = runContender(leanWorker, jobOf(leanWorker, load))
    const begun = async () => {
      while ((await readStub(url)).sinceMicros === sinceMicros) await sleep(lookEvery)
    }
    await Promise.race([ended, begun()])
    return { ended }
  }

  /**
   * Floods as soon as the neighbours' worker works.
   *
   * @returns when it began
   */
  async function flood(tenant: Tenant): Promise<number> {
    while ((await readStub(stub.url)).waits.length === 0) await sleep(lookEvery)
    const job: Flood = { amqpUrl, tenant, events: size, perSecond: floodPerSecond }
    const child = fork('bench/scale/flood-publisher.ts', [JSON.stringify(job)])
    const began = await messageOf<number>(child, "The flood's publisher")
    if (child.connected) await once(child, 'disconnect')
    return began
  }
}

function mediansOf(runs: readonly Waits[]): Waits {
  return {
    events: median(runs.map(({ events }) => events)),
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
  }
}
