import type { jest } from '@jest/globals'
import type fc from 'fast-check'
import { drain } from '../../../lib/bridge/drain/drain.ts'
import { createPublisher } from '../../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../../lib/bridge/quarantine.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import { createStatus } from '../../../lib/bridge/worker/status.ts'
import { runWorker } from '../../../lib/bridge/worker/worker.ts'
import type { EcosError } from '../../../lib/errors.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'
import { createBrokerDouble } from '../broker-double/broker-double.ts'
import { silentLog } from '../memory.ts'
import {
  createLedger,
  goodType,
  idIn,
  type Kind,
  killerType,
  messageOf,
  routingKeyOf,
} from './ledger.ts'
import { createOutside, type Weather } from './outside.ts'

/** A drain or a worker. */
export interface Process {
  readonly kind: 'drain' | 'worker'
  alive: boolean
  /** Asks it to end in order. */
  stop(): void
  kill(): void
  /** Ends the connection under it. */
  cut(): void
}

export type System = ReturnType<typeof createSystem>

const tenants: readonly Tenant[] = ['acme', 'beta'].map((id) => ({
  id,
  events: [goodType, killerType],
  locale: 'ru',
  cell: 'main',
}))
const topologies = tenants.map(topologyOf)

/** Milliseconds of virtual time between two rounds of steps. */
const tick = 50

/** The bridge between a broker, a bus and stores that are doubles, on a virtual clock. */
export function createSystem(scheduler: fc.Scheduler, clock: typeof jest) {
  const ledger = createLedger()
  const weather: Weather = { bus: 'well', stores: 'well' }
  const broker = createBrokerDouble(
    (what, step) => void scheduler.schedule(Promise.resolve(), what).then(step),
    (event, { body }) => ledger.onBroker(event, body),
  )
  for (const topology of topologies) broker.declare(topology)
  const processes: Process[] = []
  let next = 0

  return {
    ledger,
    weather,
    processes,
    publish(tenant: number, kind: Kind): void {
      next += 1
      const message = messageOf(kind, `m${next}`)
      ledger.sent.set(message.id, message)
      broker.publish(
        topologies[tenant] as (typeof topologies)[0],
        routingKeyOf(message),
        message.body,
      )
    },
    start,
    flow,
    /** Ready messages, without the dead-letter queues. */
    waiting: () => topologies.flatMap(({ queue }) => broker.bodies(queue)).map(idIn),
    deadLetters: () =>
      topologies.flatMap(({ deadLetterQueue }) => broker.bodies(deadLetterQueue)).map(idIn),
  }

  /** Has time pass, and in each tick so many steps happen, whichever the scheduler picks. */
  async function flow(milliseconds: number, steps: number): Promise<void> {
    for (let time = 0; time < milliseconds; time += tick) {
      for (let step = 0; step < steps && scheduler.count() > 0; step += 1) await scheduler.waitOne()
      await clock.advanceTimersByTimeAsync(tick)
    }
  }

  /** @param patience milliseconds of virtual time until it is asked to end (default: never) */
  function start(kind: Process['kind'], patience?: number): Process {
    const end = new AbortController()
    let cut = () => {}
    const process: Process = {
      kind,
      alive: true,
      stop: () => end.abort(),
      cut: () => cut(),
      kill() {
        process.alive = false
        cut()
        end.abort()
      },
    }
    const never = new Promise<never>(() => undefined)
    const outside = createOutside(
      weather,
      ledger,
      async (what, work) => {
        if (!process.alive) return never
        await scheduler.schedule(Promise.resolve(), what)
        const answer = work()
        return process.alive ? answer : never
      },
      process.kill,
    )
    const { bus, payloads, send, checkStores } = outside
    const common = { bus, payloads, checkStores, log: silentLog }
    const quarantine = createQuarantine(send, payloads)
    const connect = () => {
      const connection = broker.connect()
      cut = () => broker.cut(connection)
      return connection
    }
    if (patience !== undefined) setTimeout(() => end.abort(), patience)
    const running = kind === 'drain' ? drainOnce() : work()
    void running.finally(() => {
      process.alive = false
    })
    processes.push(process)
    return process

    async function drainOnce(): Promise<void> {
      const connection = connect()
      const context = { ...common, quarantine, publisher: createPublisher(bus) }
      const options = {
        tenants,
        broker: connection,
        bus,
        context,
        deadline: end.signal,
        prefetch: 6,
      }
      await drain(options).catch((error: EcosError) => noteUnexpected(error))
      await connection.close().catch(() => undefined)
    }

    async function work(): Promise<void> {
      const now = { tenants, leaving: [] }
      const options = { ...common, quarantine, tenants: () => now, prefetch: 6, mostCalls: 3 }
      await runWorker(
        { ...options, connect: async () => connect(), stop: end.signal, holdFor: 60_000 },
        createStatus(),
      )
    }
  }

  function noteUnexpected(error: EcosError): void {
    const expected = ['drain-incomplete', 'bus-unavailable', 'store-unavailable', 'broker-lost']
    if (!expected.includes(error.code)) ledger.wrongs.push(`a drain failed: ${error}`)
  }
}
