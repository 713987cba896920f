import { createBackOff } from '../../back-off.ts'
import { messageOf } from '../../errors.ts'
import { wantNothing } from '../../records/interests.ts'
import type { Broker } from '../broker.ts'
import { createDeclare } from '../declaring.ts'
import { unlimited } from '../publish/rate-limit.ts'
import { watchBus } from './bus-watch.ts'
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
}

/** Milliseconds between two attempts to reach the broker. */
const brokerBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Milliseconds before messages are taken for a bus that answers and yet took none for long, which no
 * outage does: a permission that is missing, say. Each attempt is a delivery, and counts at the broker.
 */
const refusalBackOff = { firstWait: 2_000, longestWait: 6 * 3_600_000 }

/**
 * Carries the tenants' messages until it is told to stop. It outlives its broker and its bus: what
 * is lost is connected, and declared, again. Any number of workers may run at once.
 */
export async function runWorker(options: WorkerOptions, status: WorkerStatus): Promise<void> {
  const { stop, log, tenants } = options
  const bus = watchBus(options.bus, status)
  const { mostCalls = defaults.mostCalls } = options
  const own = { prefetch: defaultPrefetch(tenants.length, mostCalls), declare: createDeclare() }
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
      log.error('The bus took nothing for long; its messages are back in the broker', {
        ...status.bus,
      })
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
    log.error('The broker is not connected; it is tried again', { error: error as Error })
  }
}
