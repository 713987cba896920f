import { afterEach, expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import { fixedTenants } from '../../../../lib/bridge/worker/follow-tenants.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { runWorker } from '../../../../lib/bridge/worker/worker.ts'
import { placeInPools } from '../../../../lib/tenants/pools.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'
import { memoryPayloads, silentLog } from '../../../support/memory.ts'

afterEach(() => {
  jest.useRealTimers()
})

/** A broker that gives each consumer to `consume`. */
function brokerOf(consume: (prefetch: number, handlers: QueueConsumerHandlers) => void): Broker {
  return {
    address: 'test',
    lost: new AbortController().signal,
    handshakes: {
      join: async () => undefined,
      broadcast: async () => undefined,
      answer: async () => undefined,
    },
    onBlocked: () => undefined,
    declare: async () => 0,
    count: async () => 0,
    async consume(_queue: BridgeQueue, prefetch: number, handlers: QueueConsumerHandlers) {
      consume(prefetch, handlers)
      return { cancel: async () => undefined }
    },
    stopConsuming: async () => undefined,
    close: async () => undefined,
  } as Partial<Broker> as Broker
}

it('has no more messages out for the tenants of a pool than its queue needs, by default', async () => {
  const own = Array.from({ length: 1_000 }, (_, index) => ({
    ...{ id: `t-${index}`, events: [], locale: 'ru', cell: 'main', partition: 0 },
  }))
  const stop = new AbortController()
  const prefetches: number[] = []
  const broker = brokerOf((prefetch) => {
    prefetches.push(prefetch)
    stop.abort()
  })
  await runWorker(
    {
      tenants: fixedTenants(placeInPools(own, { QUEUES: 'pooled', PARTITIONS: 16 })),
      connect: async () => broker,
      bus: { put: async () => [{ status: 'accepted' }], check: async () => undefined },
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
      stop: stop.signal,
      mostCalls: 32,
    },
    createStatus(),
  )
  // Half of the 384 that fill 32 calls, for the pool's queue and its bypass; for queues of their own, a thousand
  // tenants would have 10,000.
  expect(prefetches).toEqual([96, 96])
})

it.each(['forward', 'back'])(
  'holds messages for their time when the clock is set %s',
  async (way) => {
    jest.useFakeTimers()
    const stop = new AbortController()
    const status = createStatus()
    const settle = { acknowledge: jest.fn(), deadLetter: jest.fn(), requeue: jest.fn() }
    const broker = brokerOf((_, { onMessage }) => {
      onMessage({
        ...{ tenant: 't', queue: 'tenant.t.eventbridge', exchange: 'tenant.t.events' },
        ...{ routingKey: 'task.create', properties: {}, redelivered: false, ...settle },
        body: Buffer.from('{"data":{"id":"e1","type":"task.create"}}'),
      })
    })
    const ended = runWorker(
      {
        tenants: fixedTenants(parseTenants('tenants: { t: { events: [task.create] } }', 't.yml')),
        connect: async () => broker,
        bus: {
          put: async () => [{ status: 'failed', code: 'InternalFailure' }],
          check: async () => undefined,
        },
        quarantine: { store: async () => undefined },
        payloads: memoryPayloads(),
        log: silentLog,
        stop: stop.signal,
        holdFor: 60_000,
      },
      status,
    )
    await jest.advanceTimersByTimeAsync(10_000)
    jest.setSystemTime(Date.now() + (way === 'forward' ? 3_600_000 : -3_600_000))
    await jest.advanceTimersByTimeAsync(10_000)
    expect([status.inFlight, status.settled.returned]).toEqual([1, 0])
    await jest.advanceTimersByTimeAsync(60_000)
    expect([status.inFlight, status.settled.returned]).toEqual([0, 1])
    stop.abort()
    await ended
  },
)

it('ends what is left of a connection of which a part is lost, although the quarantine takes all that comes', async () => {
  const stop = new AbortController()
  const lost = new AbortController()
  const flood = 1_000
  let delivered = 0
  let stopped = false
  let release = () => {}
  const first = brokerOf((_, { onMessage }) => {
    const deliver = () => {
      if (stopped) return
      delivered += 1
      stopped = delivered === flood
      onMessage({
        ...{ tenant: 't', queue: 'tenant.t.eventbridge', exchange: 'tenant.t.events' },
        ...{ routingKey: 'task.create', properties: {}, redelivered: false },
        ...{ deadLetter: () => undefined, requeue: () => undefined },
        acknowledge: () => setImmediate(deliver),
        body: Buffer.from('no event'),
      })
    }
    deliver()
    deliver()
    setImmediate(() => lost.abort(new Error('one channel of several is closed')))
  })
  const stopConsuming = async () => {
    stopped = true
    release()
  }
  const brokers = [{ ...first, lost: lost.signal, stopConsuming }, brokerOf(() => stop.abort())]
  await runWorker(
    {
      tenants: fixedTenants(parseTenants('tenants: { t: { events: [task.create] } }', 't.yml')),
      connect: async () => brokers.shift() as Broker,
      bus: { put: async () => [{ status: 'accepted' }], check: async () => undefined },
      quarantine: {
        // Each is stored when the next one comes: one is always on its way.
        async store() {
          release()
          if (stopped) return
          await new Promise<void>((resolve) => {
            release = resolve
          })
        },
      },
      payloads: memoryPayloads(),
      log: silentLog,
      stop: stop.signal,
    },
    createStatus(),
  )
  expect(brokers).toEqual([])
  expect(delivered).toBeLessThan(flood)
})

it('takes no more at once when it is to end, although a connection is being opened for a backlog', async () => {
  const stop = new AbortController()
  const opening = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  const cancel = async () => undefined
  const message = {
    ...{ tenant: 't', queue: 'tenant.t.eventbridge', exchange: 'tenant.t.events' },
    ...{ routingKey: 'task.create', properties: {}, redelivered: false },
    ...{ deadLetter: cancel, requeue: cancel, acknowledge: cancel },
    body: Buffer.from('{"data":{"id":"e1","type":"task.create"}}'),
  }
  const broker: Broker = {
    ...brokerOf(() => undefined),
    async consume(_queue, prefetch, { onMessage }, isBacklog) {
      if (isBacklog) {
        stop.abort()
        await opening.promise
      } else for (let taken = 0; taken < prefetch; taken += 1) onMessage(message)
      return { cancel }
    },
    stopConsuming: async () => stopped.resolve(),
  }
  const ended = runWorker(
    {
      tenants: fixedTenants(parseTenants('tenants: { t: { events: [task.create] } }', 't.yml')),
      connect: async () => broker,
      bus: {
        async put(entries) {
          await stopped.promise
          return entries.map(() => ({ status: 'accepted' }))
        },
        check: async () => undefined,
      },
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
      stop: stop.signal,
    },
    createStatus(),
  )
  await stopped.promise
  opening.resolve()
  await ended
})
