import { createBackOff } from '../../back-off.ts'
import { messageOf } from '../../errors.ts'
import { wantNothing } from '../../records/interests.ts'
import { defaultPartitions } from '../../tenants/partition.ts'
import { withBypasses } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import { createDeclare, type QueueMemory } from '../declaring.ts'
import { createLetGo } from '../leaving.ts'
import { unlimited } from '../publish/rate-limit.ts'
import { watchBus } from './bus-watch.ts'
import { followPartitions, queuesNow } from './follow-tenants.ts'
import type { WorkerOptions } from './options.ts'
import { runSession } from './session.ts'
import { defaultPrefetch } from './shares.ts'
import type { WorkerStatus } from './status.ts'

const defaults = {
  mostCalls: 128,
  rateLimit: unlimited,
  holdFor: 600_000,
  interestsOf: wantNothing,
  onFate: () => undefined,
  onDepths: () => undefined,
  onDeclared: () => undefined,
  onBlocked: () => undefined,
  onRefused: () => undefined,
  checkStores: async () => undefined,
}

/** Milliseconds between two attempts to reach the broker. */
const brokerBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Milliseconds before messages are taken again for a bus that answers but accepts none, for example
 * because of a missing permission. Each attempt costs a delivery at the broker.
 */
const refusalBackOff = { firstWait: 2_000, longestWait: 6 * 3_600_000 }

/**
 * Bridges the tenants' messages until `stop` is aborted. It reconnects and declares again after an
 * outage of the broker or the bus. Any number of workers may run at once.
 */
export async function runWorker(options: WorkerOptions, status: WorkerStatus): Promise<void> {
  const { stop, log } = options
  const bus = watchBus(options.bus, status)
  const { mostCalls = defaults.mostCalls } = options
  const memory: QueueMemory = new Map()
  const own = {
    prefetch: defaultPrefetch(withBypasses(queuesNow(options.tenants())).length, mostCalls),
    declare: createDeclare(undefined, memory),
    letGo: createLetGo(log, memory),
    partitionOf: followPartitions(options.tenants, defaultPartitions),
  }
  const session = { ...defaults, ...own, ...options, bus }
  const refusedUntil = new Map<string, number>()
  const reconnect = createBackOff(brokerBackOff)
  const retake = createBackOff(refusalBackOff)

  while (!stop.aborted) {
    const broker = await connect()
    if (broker === undefined) {
      await reconnect.wait(stop)
      continue
    }
    const { bridged } = status.settled
    const start = performance.now()
    const end = await runSession(broker, session, status, refusedUntil)
    status.broker = { connected: false, problem: 'not connected' }
    if (status.settled.bridged > bridged) retake.reset()
    if (performance.now() - start > brokerBackOff.longestWait) reconnect.reset()
    if (end === 'broker-lost') {
      lost(broker.lost.reason)
      await reconnect.wait(stop)
    } else if (end === 'bus-down') {
      log.error(
        'EventBridge failed entries for too long; the messages in flight went back to the broker',
        {
          ...status.bus,
        },
      )
      await retake.wait(stop)
    }
  }

  async function connect(): Promise<Broker | undefined> {
    try {
      const broker = await options.connect()
      status.broker = { connected: true }
      log.info('Connected to the broker')
      return broker
    } catch (error) {
      lost(error)
      return undefined
    }
  }

  function lost(error: unknown): void {
    status.broker = { connected: false, problem: messageOf(error) }
    log.error('RabbitMQ is not connected; retrying', { error: error as Error })
  }
}
