import { createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import type { CellTenants } from '../../tenants/published.ts'
import { pause, whenAborted } from '../../waiting.ts'
import { type BridgeQueue, labelOf, withBypasses } from '../bridge-queue.ts'
import type { IncomingMessage } from '../message.ts'
import { shareOf } from '../ordered.ts'
import type { Fate } from '../settle-message.ts'
import { followed, followQueues, queuesNow, type Service } from './follow-tenants.ts'
import { consumeQueue, type ElasticConsumer } from './queue-consumer.ts'
import { reshare } from './reshare.ts'
import { idleShare } from './shares.ts'
import { createWays, type WaysOptions } from './ways.ts'

export interface QueueConsumersOptions extends WaysOptions {
  /** The tenants at this moment. */
  readonly tenants: () => CellTenants
  /** Messages that may be out at once now, over all tenants. */
  readonly prefetch: () => number
  /** Messages that keep the bus busy, at each look. */
  readonly pace: () => number
  /** Resolves with the message's fate. */
  readonly settle: (message: IncomingMessage) => Promise<Fate>
  /** Whether all messages that were taken of the queue are settled. */
  readonly isIdle: (queue: string) => boolean
  /**
   * Resolves when the bus and the stores answer, and messages may be taken. Queues are declared before,
   * so that events gather there.
   *
   * @param anew whether an answer of a moment ago does not count, because a store has failed since
   */
  readonly mayTake: (anew: boolean) => Promise<void>
  /** Called when the broker refuses to have a queue consumed. */
  readonly onRefused: (tenant: string) => void
  /** When a refused queue may be consumed again, by `performance.now()`. Outlives the connection. */
  readonly refusedUntil: Map<string, number>
}

/** Milliseconds before a queue that can't be declared, or is gone, is tried again. */
const queueBackOff = { firstWait: 1_000, longestWait: 60_000 }

/** Milliseconds before a refused queue is tried again: a refusal costs other consumers their channel. */
const refusalWait = 300_000

/** Milliseconds between two looks at the queue of a leaving tenant: while it is drained, and afterwards. */
const drainingLook = 1_000
const leavingLook = 60_000

/**
 * Consumes the tenants' queues until the signal is aborted, as the tenants come and go; a queue that fails
 * does not stop the others.
 */
export async function consumeQueues(options: QueueConsumersOptions): Promise<void> {
  const { broker, prefetch, settle, isIdle, mayTake } = options
  const { onRefused, over, status, log, refusedUntil } = options
  const consumers = new Set<ElasticConsumer>()
  const countQueues = followed(options.tenants, (now) => withBypasses(queuesNow(now)).length)
  const { declareWays, letAllGo } = createWays(options)
  await Promise.all([
    followQueues(options.tenants, over, serve),
    reshare(consumers, prefetch, countQueues, options.pace, status, over),
  ])

  /** Tries again after each failure, until the end. */
  async function serve(service: Service, end: AbortSignal): Promise<void> {
    const { queue } = service
    const name = nameOf(queue)
    const backOff = createBackOff(queueBackOff)
    let storeFailed = false
    while (!end.aborted) {
      await pause((refusedUntil.get(name) ?? 0) - performance.now(), end)
      if (end.aborted) break
      try {
        const isLeaving = queue.topologies.every(service.isLeaving)
        await (isLeaving ? release : take)(service, storeFailed, end)
      } catch (error) {
        storeFailed = error instanceof EcosError && error.code === 'store-unavailable'
        // A refusal costs the connection: it is told although it is over.
        const refused = error instanceof EcosError && error.code === 'consume-refused'
        if (end.aborted && !refused) break
        if (refused) {
          refusedUntil.set(name, performance.now() + refusalWait)
          for (const { tenant } of queue.topologies) onRefused(tenant)
        }
        status.problems[name] = messageOf(error)
        log.error('A queue is not consumed', { tenant: labelOf(queue), error: error as Error })
        await backOff.wait(end)
      }
    }
    // What was wrong with the queue of a tenant that is gone is no problem of the worker's.
    if (!over.aborted) delete status.problems[name]
  }

  async function take(service: Service, storeFailed: boolean, end: AbortSignal): Promise<void> {
    await declareWays(service, end)
    await mayTake(storeFailed)
    if (end.aborted) return
    await consumeAll(service.queue, end, (_, until) => whenAborted(until))
  }

  /** Drains what is left in a queue of removed tenants, and looks at it now and then. */
  async function release({ queue }: Service, storeFailed: boolean, end: AbortSignal) {
    const isAllIdle = () => withBypasses([queue]).every(({ name }) => isIdle(name))
    const ready = await letAllGo(queue, isAllIdle)
    const bypassing = queue.bypass && (await broker.count(queue.bypass.name))
    if (!ready && !bypassing) return pause(isAllIdle() ? leavingLook : drainingLook, end)
    await mayTake(storeFailed)
    if (end.aborted) return
    await consumeAll(queue, end, untilDrained)
  }

  /**
   * Consumes the queue, and its bypass, each until its work is done. If one fails, both end.
   *
   * @throws the failure
   */
  async function consumeAll(
    service: BridgeQueue,
    end: AbortSignal,
    work: (queue: BridgeQueue, until: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    const failure = new AbortController()
    const until = AbortSignal.any([end, failure.signal])
    const consuming = withBypasses([service]).map(async (queue) => {
      try {
        await consume(queue, (consumer) => Promise.race([consumer.ended, work(queue, until)]))
      } catch (error) {
        failure.abort()
        throw error
      }
    })
    for (const result of await Promise.allSettled(consuming)) {
      if (result.status === 'rejected') throw result.reason
    }
  }

  async function untilDrained(queue: BridgeQueue, end: AbortSignal) {
    while (!end.aborted) {
      await pause(drainingLook, end)
      if (isIdle(queue.name) && (await broker.count(queue.name)) === 0) return
    }
  }

  /** Consumes the queue until the work is done. */
  async function consume(
    queue: BridgeQueue,
    work: (consumer: ElasticConsumer) => Promise<unknown>,
  ): Promise<void> {
    const share = shareOf(queue, idleShare(prefetch(), countQueues()))
    const consumer = await consumeQueue(broker, queue, share, settle, over)
    delete status.problems[nameOf(queue)]
    consumers.add(consumer)
    status.consuming = consumers.size
    try {
      await work(consumer)
    } finally {
      consumers.delete(consumer)
      status.consuming = consumers.size
    }
    // At the end of the session all consumers are cancelled together.
    if (!over.aborted) await consumer.cancel()
  }
}

/** The tenant's id; a queue beside it goes by its own name. */
function nameOf({ owner, wire, name }: BridgeQueue): string {
  return wire === '1.0' ? (owner ?? name) : name
}
