import { createBackOff } from '../../back-off.ts'
import { messageOf } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { BridgeQueue } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import type { Declare } from '../declaring.ts'
import type { LetGo } from '../leaving.ts'
import type { Topology } from '../topology.ts'
import type { Service } from './follow-tenants.ts'
import type { WorkerStatus } from './status.ts'

/** Milliseconds before a tenant's way into its pool, which could not be declared, is tried again. */
const wayBackOff = { firstWait: 1_000, longestWait: 60_000 }

export interface WaysOptions {
  readonly broker: Broker
  readonly declare: Declare
  readonly letGo: LetGo
  /** Called when a tenant's way has been declared: from then on its events are kept. */
  readonly onDeclared: (topology: Topology) => void
  /** Aborted when no more messages may be taken. */
  readonly over: AbortSignal
  readonly status: WorkerStatus
  readonly log: Log
}

/** Declares the ways of tenants into their queues, and lets those of removed tenants go. */
export interface Ways {
  /**
   * Resolves when there is a way: a pool is consumed although the way of some tenant can't be declared, which
   * is tried again until `end`.
   *
   * @throws the last error, if all failed
   */
  declareWays(service: Service, end: AbortSignal): Promise<void>
  /** @returns the number of ready messages; undefined if the queue does not exist */
  letAllGo(queue: BridgeQueue, isIdle: () => boolean): Promise<number | undefined>
}

export function createWays(options: WaysOptions): Ways {
  const { broker, declare, letGo, onDeclared, status, log } = options

  return {
    async declareWays({ queue, isLeaving }, end) {
      const failed: (() => Promise<void>)[] = []
      let failure: unknown
      const settling = queue.topologies.map(async (topology) => {
        const settle = () => (isLeaving(topology) ? release(topology) : declareOne(topology))
        await settle().catch((error: unknown) => {
          failure = error
          failed.push(() => retry(topology, settle, end))
        })
      })
      await Promise.all(settling)
      if (failed.length === queue.topologies.length) throw failure
      for (const tryAgain of failed) void tryAgain()
    },
    async letAllGo(queue, isIdle) {
      const counts = await Promise.all(queue.topologies.map((each) => letGo(broker, each, isIdle)))
      return counts.at(-1)
    },
  }

  async function declareOne(topology: Topology): Promise<void> {
    await declare(broker, topology)
    onDeclared(topology)
  }

  async function release(topology: Topology): Promise<void> {
    await letGo(broker, topology)
  }

  /** Never rejects. */
  async function retry(
    { tenant }: Topology,
    settle: () => Promise<void>,
    end: AbortSignal,
  ): Promise<void> {
    const backOff = createBackOff(wayBackOff)
    while (!end.aborted) {
      try {
        await settle()
        break
      } catch (error) {
        if (end.aborted) break
        status.problems[tenant] = messageOf(error)
        log.error("A tenant's exchange is not bound to its pool", { tenant, error: error as Error })
        await backOff.wait(end)
      }
    }
    delete status.problems[tenant]
  }
}
