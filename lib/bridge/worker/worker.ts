import { createBackOff } from '../../back-off.ts'
import { messageOf } from '../../errors.ts'
import type { PayloadStore } from '../../events/payload-store.ts'
import type { Log } from '../../log.ts'
import { type InterestsOf, wantNothing } from '../../records/interests.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import type { Broker } from '../broker.ts'
import type { Fate } from '../carry.ts'
import { createDeclare, type Declare } from '../declaring.ts'
import type { OnDepths } from '../depths.ts'
import type { Bus } from '../publish/bus.ts'
import { type RateLimit, unlimited } from '../publish/rate-limit.ts'
import type { Quarantine } from '../quarantine.ts'
import type { Topology } from '../topology.ts'
import { watchBus } from './bus-watch.ts'
import { runSession } from './session.ts'
import { defaultPrefetch } from './shares.ts'
import type { WorkerStatus } from './status.ts'

export interface WorkerOptions {
  readonly tenants: readonly Tenant[]
  /** @throws EcosError when the broker can't be reached */
  readonly connect: () => Promise<Broker>
  readonly bus: Bus
  readonly quarantine: Quarantine
  readonly payloads: PayloadStore
  readonly log: Log
  /** Aborted when the worker is to end: it takes no more messages and finishes what is in flight. */
  readonly stop: AbortSignal
  /**
   * Messages that may be out at once, over all tenants (default 12 for each of `mostCalls`, or, where
   * that is more, 10 for each tenant): bounds the memory.
   */
  readonly prefetch?: number
  /** Remembers what was declared, beyond a connection (default: a memory of the worker's own). */
  readonly declare?: Declare
  /** PutEvents calls in flight at once (default 128). */
  readonly mostCalls?: number
  /** How many PutEvents calls a second are allowed, those that fail among them (default: no limit). */
  readonly rateLimit?: RateLimit
  /**
   * Milliseconds that messages are held while the bus takes none (default 600,000). A broker closes
   * the channel of who holds one for longer than its `consumer_timeout` (30 minutes by default, 15 in
   * some versions). So they go back before, once, and none is taken until the bus answers again.
   */
  readonly holdFor?: number
  /** What is wanted of record events, beside what tenants.yml says (default: nothing). */
  readonly interestsOf?: InterestsOf
  /** Told where each message went, once it is settled or left to the broker. */
  readonly onFate?: (tenant: string, fate: Fate) => void
  /** Told every minute what lies at the broker. */
  readonly onDepths?: OnDepths
  /** Told whenever a queue has been declared and bound: from then on its events are kept. */
  readonly onDeclared?: (topology: Topology) => void
}

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
