import { loadavg } from 'node:os'
import { type ConnectionEnd, connectionEnds, cpuOf, usageOf } from '../stack/processes.ts'
import type { Bus } from './bus.ts'
import type { TenantQueues } from './queues.ts'
import type { SoakedWorker } from './worker.ts'

/** What is seen at one moment, and in the time since the moment before. */
export interface Sample {
  /** Since the first event was published. */
  readonly seconds: number
  /** Events a second. */
  readonly published: number
  readonly accepted: number
  /** Milliseconds from publish to accepted. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** The worker's resident memory, and the least of its heap. */
  readonly megabytes: number
  readonly heapMegabytes: number
  /** The worker's open files and sockets, threads, timers, and what else may keep its event loop alive. */
  readonly handles: number
  readonly threads: number
  readonly timers: number
  readonly resources: number
  /** The worker's connections to the broker and to the bus, counted at its end. */
  readonly toBroker: number
  readonly toBus: number
  /** All connections at the broker, with the publisher's and without those of the bench itself, and at the bus. */
  readonly atBroker: number
  readonly atBus: number
  /** Events in the broker's queues, and those that the worker has taken and not settled. */
  readonly waiting: number
  readonly inFlight: number
  /** Shares of a core. */
  readonly workerCpu: number
  readonly brokerCpu: number
  /** Processes of the machine that ran, over the last minute. */
  readonly load: number
}

export interface Sampled {
  readonly worker: SoakedWorker
  readonly bus: Bus
  readonly queues: TenantQueues
  readonly amqpUrl: string
  readonly brokerPid: number | undefined
  /** Events so far. */
  published(): Promise<number>
}

/**
 * Begins now.
 *
 * @returns takes the next sample
 */
export async function startSampling(sampled: Sampled): Promise<() => Promise<Sample>> {
  const { worker, bus, amqpUrl, brokerPid = 0 } = sampled
  const brokerPort = Number(new URL(amqpUrl).port) || 5672
  const read = async () => ({
    at: performance.now(),
    published: await sampled.published(),
    report: await bus.report(),
    workerCpu: cpuOf(worker.pid) ?? 0,
    brokerCpu: cpuOf(brokerPid) ?? 0,
  })
  const start = await read()
  let before = start
  return async () => {
    // First: the questions below take a connection for a moment.
    const { sockets, ...usage } = usageOf(worker.pid)
    const ends = connectionEnds()
    const now = await read()
    const perSecond = (from: number, to: number) => ((to - from) / (now.at - before.at)) * 1000
    const { p50, p99, max } = now.report.waits
    const sample = {
      seconds: (now.at - start.at) / 1000,
      published: perSecond(before.published, now.published),
      accepted: perSecond(before.report.accepted, now.report.accepted),
      ...{ p50, p99, max },
      ...usage,
      ...(await worker.inside()),
      toBroker: countTo(ends, brokerPort, sockets),
      toBus: countTo(ends, bus.port, sockets),
      atBroker: countAt(ends, brokerPort, usageOf(process.pid).sockets),
      atBus: now.report.sockets,
      waiting: await sampled.queues.waiting(),
      inFlight: (await worker.status()).inFlight,
      workerCpu: perSecond(before.workerCpu, now.workerCpu) / 1e9,
      brokerCpu: perSecond(before.brokerCpu, now.brokerCpu) / 1e9,
      load: loadavg()[0] ?? 0,
    }
    before = now
    return sample
  }
}

/** Connections to the port that have one of the sockets at their other end. */
export function countTo(
  ends: readonly ConnectionEnd[],
  port: number,
  sockets: ReadonlySet<number>,
): number {
  return ends.filter(({ remotePort, socket }) => remotePort === port && sockets.has(socket)).length
}

/** Connections at the port, without those that have one of the sockets at their other end. */
export function countAt(
  ends: readonly ConnectionEnd[],
  port: number,
  without: ReadonlySet<number>,
): number {
  return ends.filter((end) => end.port === port).length - countTo(ends, port, without)
}
