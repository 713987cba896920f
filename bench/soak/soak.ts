import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { EcosError } from '../../lib/errors.ts'
import { declareQueues } from '../backlog.ts'
import { benchTenants } from '../job.ts'
import { ask, messageOf } from '../processes.ts'
import { brokerProcess } from '../stack/processes.ts'
import { type Bus, startBus } from './bus.ts'
import type { Publishing } from './publisher.ts'
import { openQueues } from './queues.ts'
import { type Sample, startSampling } from './sample.ts'
import { judge, type Outcome, type Verdict } from './verdict.ts'
import { startWorker } from './worker.ts'

export interface SoakPlan {
  /** Events a second. */
  readonly rate: number
  readonly minutes: number
  readonly tenants: number
  /** Seconds between two samples. */
  readonly every: number
}

export interface Soak extends SoakPlan, Verdict {
  readonly outcome: Outcome
  readonly samples: readonly Sample[]
}

/** Seconds without another event after which those that are missing are lost. */
const patience = 30

/** Runs the worker at an even rate. */
export async function soakWorker(
  amqpUrl: string,
  plan: SoakPlan,
  onSample: (sample: Sample) => void,
): Promise<Soak> {
  const tenants = benchTenants(plan.tenants)
  const seconds = plan.minutes * 60
  const published = Math.ceil(plan.rate * seconds)
  await declareQueues(amqpUrl, tenants)
  const queues = await openQueues(amqpUrl, tenants)
  const bus = await startBus(published)
  try {
    const worker = await startWorker(amqpUrl, bus.url, tenants)
    const samples: Sample[] = []
    const publisher = startPublisher({ amqpUrl, tenants, perSecond: plan.rate, seconds })
    try {
      await publisher.begun
      const sampled = { worker, bus, amqpUrl, queues, brokerPid: brokerProcess() }
      const take = await startSampling({ ...sampled, published: publisher.count })
      const start = performance.now()
      for (let due = plan.every; due <= seconds; due += plan.every) {
        await sleep(Math.max(0, due * 1000 - (performance.now() - start)))
        const sample = await take()
        samples.push(sample)
        onSample(sample)
      }
      await publisher.ended
      await untilAccepted(bus, published)
    } finally {
      publisher.stop()
      await worker.stop()
    }
    const { accepted, doubled, others } = await bus.report()
    const counts = { published, accepted, doubled, others }
    const outcome = { ...counts, left: await queues.waiting(), exitCode: await worker.stop() }
    return { ...plan, outcome, ...judge(samples, outcome), samples }
  } finally {
    bus.stop()
    await queues.close()
  }
}

/** Publishes from a process of its own. */
function startPublisher(publishing: Publishing) {
  const events = Math.ceil(publishing.perSecond * publishing.seconds)
  const child = fork('bench/soak/publisher.ts', [JSON.stringify(publishing)])
  const begun = messageOf(child, 'The publisher')
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new EcosError('contender-failed', `The publisher ended with ${code}`)
  })
  // Whoever waits for it learns of it, later.
  ended.catch(() => undefined)
  return {
    begun,
    ended,
    stop: () => child.connected && child.disconnect(),
    /** Events so far. */
    count: () =>
      ask<number>(child, 'The publisher', 'count').catch(async () => {
        await ended
        return events
      }),
  }
}

/** Waits until as many events are accepted, or until there were no more of them for a while. */
async function untilAccepted(bus: Bus, events: number): Promise<void> {
  let before = -1
  for (let idle = 0; idle < patience; idle += 1) {
    const { accepted } = await bus.report()
    if (accepted >= events) return
    if (accepted > before) idle = 0
    before = accepted
    await sleep(1_000)
  }
}
