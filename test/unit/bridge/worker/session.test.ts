import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Bus, BusEntry, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import { unlimited } from '../../../../lib/bridge/publish/rate-limit.ts'
import type { Topology } from '../../../../lib/bridge/topology.ts'
import type { WorkerOptions } from '../../../../lib/bridge/worker/options.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { EcosError } from '../../../../lib/errors.ts'
import type { CellTenants } from '../../../../lib/tenants/published.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'
import { memoryPayloads } from '../../../support/memory.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { runSession } = await import('../../../../lib/bridge/worker/session.ts')

beforeEach(() => {
  jest.useFakeTimers()
  // The longest of each wait.
  jest.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

const tenantsOf = (text: string): CellTenants => ({
  tenants: parseTenants(`tenants: ${text}`, 'tenants.yml'),
  leaving: [],
})
const one = tenantsOf('{ acme: { events: [task.create] } }')
const accepted: EntryResult = { status: 'accepted' }
const unavailable = new EcosError('bus-unavailable', 'EventBridge is down', { retryable: true })

/** A session of which the test sees what happens, and delivers messages. */
function start(options: Partial<WorkerOptions> = {}) {
  const happened: string[] = []
  const lost = new AbortController()
  const stop = new AbortController()
  const status = createStatus()
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const handlers = new Map<string, QueueConsumerHandlers>()
  let block: (reason: string | undefined) => void = () => undefined
  const broker: Partial<Broker> = {
    address: 'test',
    lost: lost.signal,
    handshakes: {
      join: async (tenant) => void happened.push(`join ${tenant}`),
      broadcast: async () => undefined,
      answer: async () => undefined,
    },
    onBlocked(listener) {
      block = listener
    },
    count: async () => 3,
    async consume({ name }, _prefetch, given) {
      happened.push(`consume ${name}`)
      handlers.set(name, given)
      return { cancel: async () => undefined }
    },
    async stopConsuming() {
      happened.push('stop consuming')
      throw new Error('a channel is closed already')
    },
    close: async () => void happened.push('close'),
  }
  const bus: Bus = {
    put: async (entries) => entries.map(() => accepted),
    check: async () => undefined,
  }
  let end: unknown = 'goes on'
  const session = runSession(
    broker as Broker,
    {
      tenants: () => one,
      connect: async () => broker as Broker,
      bus,
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      checkStores: async () => undefined,
      partitionOf: () => 'p00',
      log,
      stop: stop.signal,
      prefetch: 100,
      declare: async () => 0,
      letGo: async () => undefined,
      mostCalls: 10,
      rateLimit: unlimited,
      holdFor: 60_000,
      interestsOf: async () => ({}),
      onFate: (tenant, fate) => void happened.push(`${tenant} ${fate}`),
      onDepths: () => undefined,
      onBlocked: () => undefined,
      onRefused: () => undefined,
      onDeclared: () => undefined,
      ...options,
    },
    status,
    new Map(),
  ).then((how) => {
    end = how
  })
  return {
    ...{ happened, lost, stop, status, log, session },
    end: () => end,
    block: (reason: string | undefined) => block(reason),
    pass: (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds),
    news: () => happened.splice(0),
    deliver(id: string, queue = 'tenant.acme.eventbridge') {
      const settle = (how: string) => () => void happened.push(`${how} ${id}`)
      handlers.get(queue)?.onMessage({
        ...{ tenant: 'acme', queue, wire: '1.0', exchange: 'tenant.acme.events' },
        ...{ routingKey: 'task.create', properties: {}, redelivered: false },
        body: Buffer.from(JSON.stringify({ data: { id, type: 'task.create' } })),
        acknowledge: settle('acknowledged'),
        deadLetter: settle('dead-lettered'),
        requeue: settle('requeued'),
      } satisfies IncomingMessage)
    },
  }
}

const consumed = 'consume tenant.acme.eventbridge'

describe('a session that is stopped', () => {
  it('takes no more at once, and finishes what is in flight before it closes', async () => {
    const put = Promise.withResolvers<void>()
    const bus: Bus = {
      async put(entries) {
        await put.promise
        return entries.map(() => accepted)
      },
      check: async () => undefined,
    }
    const { deliver, stop, pass, news, status, end, log } = start({ bus })
    await pass(0)
    deliver('e1')
    await pass(0)
    expect([news(), status.inFlight, status.consuming]).toEqual([[consumed], 1, 1])
    stop.abort()
    await pass(5_000)
    // A consumer that was being resized is not left behind.
    expect(news()).toEqual(['stop consuming', 'stop consuming'])
    expect([status.stopping, end()]).toEqual([true, 'goes on'])
    put.resolve()
    await pass(0)
    expect(news()).toEqual(['acknowledged e1', 'acme bridged', 'close'])
    // No timer keeps the process.
    expect([end(), status.inFlight, jest.getTimerCount()]).toEqual(['stopped', 0, 0])
    // The ids are in the log before the process ends.
    expect(log.info).toHaveBeenCalledWith(
      'Bridged',
      expect.objectContaining({ tenant: 'acme', eventIds: ['e1'] }),
    )
  })

  it('gives up what is in flight when the connection is lost meanwhile', async () => {
    const bus: Bus = { put: async () => [{ status: 'failed', code: 'x' }], check: async () => {} }
    const { deliver, stop, lost, pass, news, end } = start({ bus })
    await pass(0)
    deliver('e1')
    await pass(100)
    stop.abort()
    await pass(5_000)
    expect(end()).toBe('goes on')
    lost.abort(new EcosError('broker-lost', 'lost'))
    await pass(0)
    expect([news().slice(-2), end()]).toEqual([['acme returned', 'close'], 'stopped'])
  })
})

describe('a session whose connection is lost', () => {
  it('sends nothing of what is in flight: it is the broker’s', async () => {
    let puts = 0
    const bus: Bus = {
      async put(entries) {
        puts += 1
        return entries.map(() => ({ status: 'failed', code: 'InternalFailure' }))
      },
      check: async () => undefined,
    }
    const { deliver, lost, pass, news, status, end } = start({ bus })
    await pass(0)
    deliver('e1')
    await pass(50)
    expect(puts).toBe(1)
    lost.abort(new EcosError('broker-lost', 'lost'))
    await pass(0)
    expect([end(), status.stopping]).toEqual(['broker-lost', false])
    expect(news()).toEqual([
      ...[consumed, 'stop consuming', 'stop consuming', 'acme returned', 'close'],
    ])
    await pass(60_000)
    expect(puts).toBe(1)
  })
})

describe('a session whose bus fails', () => {
  const failing = (): Bus => ({
    put: async (entries) => entries.map(() => ({ status: 'failed', code: 'InternalFailure' })),
    check: async () => undefined,
  })

  it('ends when an entry has failed for as long as messages are held', async () => {
    const { deliver, pass, end, status, news } = start({ bus: failing(), holdFor: 10_000 })
    await pass(500)
    deliver('e1')
    await pass(9_999)
    expect([end(), status.inFlight]).toEqual(['goes on', 1])
    await pass(1_001)
    expect([end(), status.stopping]).toEqual(['bus-down', false])
    expect(news().slice(-2)).toEqual(['acme returned', 'close'])
  })

  it('goes on while nothing has failed, however long', async () => {
    const { deliver, pass, end, stop } = start({ holdFor: 2_000 })
    await pass(0)
    deliver('e1')
    await pass(20_000)
    expect(end()).toBe('goes on')
    stop.abort()
    await pass(0)
    expect(end()).toBe('stopped')
  })

  it('says so, and pauses', async () => {
    const bus: Bus = { put: () => Promise.reject(unavailable), check: async () => undefined }
    const { deliver, pass, log } = start({ bus })
    await pass(0)
    deliver('e1')
    await pass(10)
    expect(log.warn).toHaveBeenCalledWith('EventBridge is failing; publishing is paused', {
      error: unavailable,
    })
  })
})

describe('a session takes messages', () => {
  it('once the bus and the stores answer, which it checks ever more seldom', async () => {
    const checks: number[] = []
    let failures = 3
    const bus: Bus = {
      put: () => Promise.reject(unavailable),
      async check() {
        checks.push(performance.now())
        failures -= 1
        if (failures >= 0) throw unavailable
      },
    }
    const begin = performance.now()
    const { pass, news, status, log } = start({ bus })
    status.bus = { accepting: true, failingSince: '2026-01-01T00:00:00.000Z' }
    await pass(0)
    expect(status.bus).toEqual({
      ...{ accepting: false, failingSince: '2026-01-01T00:00:00.000Z' },
      problem: 'EventBridge is down',
    })
    expect(log.error).toHaveBeenCalledWith(
      'AWS does not answer; no message is taken until it does',
      { error: unavailable },
    )
    await pass(3_499)
    expect([checks.map((at) => at - begin), news()]).toEqual([[0, 500, 1_500], []])
    await pass(1)
    expect([news(), status.bus]).toEqual([[consumed], { accepting: true }])
  })

  it('once a store answers, whose failure is not the bus’s once it has taken some', async () => {
    let stores: 'well' | 'down' = 'down'
    let checks = 0
    let busChecks = 0
    const checkStores = async () => {
      checks += 1
      if (stores === 'down') throw new EcosError('store-unavailable', 'S3 is down')
    }
    let now = one
    const bus: Bus = {
      put: async (entries: readonly BusEntry[]) => entries.map(() => accepted),
      async check() {
        busChecks += 1
      },
    }
    const { pass, news, status } = start({ checkStores, bus, tenants: () => now })
    await pass(0)
    expect([news(), status.bus]).toEqual([[], { accepting: false, problem: 'S3 is down' }])
    stores = 'well'
    await pass(500)
    expect([news(), status.bus, busChecks]).toEqual([[consumed], { accepting: true }, 2])
    // An answer of a moment ago counts for another queue as well.
    stores = 'down'
    now = tenantsOf('{ acme: { events: [task.create] }, beta: }')
    await pass(2_000)
    expect([news(), checks]).toEqual([['consume tenant.beta.eventbridge'], 2])
    await pass(4_000)
    now = tenantsOf('{ acme: { events: [task.create] }, beta: , gamma: }')
    await pass(1_000)
    expect([news(), checks > 2, status.bus, busChecks]).toEqual([[], true, { accepting: true }, 2])
    stores = 'well'
    // What the bus does with what it is given, is told by that.
    status.bus = { accepting: false, problem: 'InternalFailure' }
    await pass(2_000)
    expect(news()).toEqual(['consume tenant.gamma.eventbridge'])
    expect(status.bus.accepting).toBe(false)
  })

  it('with one check for all queues that wait', async () => {
    let checks = 0
    const checkStores = async () => {
      checks += 1
    }
    const { pass, news } = start({ checkStores, tenants: () => tenantsOfTwo })
    await pass(0)
    expect([news().length, checks]).toEqual([2, 1])
  })

  it('never, if it is stopped before', async () => {
    const checkStores = () => Promise.reject(new EcosError('store-unavailable', 'S3 is down'))
    const { pass, stop, news, end } = start({ checkStores })
    await pass(0)
    stop.abort()
    await pass(0)
    expect([news(), end()]).toEqual([['stop consuming', 'stop consuming', 'close'], 'stopped'])
  })

  it('never, although a check hangs', async () => {
    const checkStores = () => new Promise<never>(() => undefined)
    const { pass, stop, end } = start({ checkStores })
    await pass(0)
    stop.abort()
    await pass(0)
    expect(end()).toBe('stopped')
  })
})

const tenantsOfTwo = tenantsOf('{ acme: , beta: }')

describe('a session tells', () => {
  it('whether the broker blocks publishing, and why', async () => {
    const told: unknown[] = []
    const { block, status, log } = start({ onBlocked: (reason) => void told.push(reason) })
    block('low on memory')
    expect(status.broker).toEqual({ connected: true, blocked: 'low on memory' })
    block(undefined)
    expect(status.broker).toEqual({ connected: true })
    expect(told).toEqual(['low on memory', undefined])
    expect(log.warn).toHaveBeenCalled()
  })

  it('which queues are declared, and the sources of events 1.0 what is wanted', async () => {
    const declared: string[] = []
    const tenants = tenantsOf('{ acme: , beta: { wire: 2.0 } }')
    const { pass, news } = start({
      tenants: () => tenants,
      interestsOf: async () => ({ 'record.update': { attributes: ['name'] } }),
      onDeclared: ({ tenant, wire }: Topology) => void declared.push(`${tenant} ${wire}`),
    })
    await pass(0)
    expect(declared).toEqual(['acme 1.0', 'beta 2.0'])
    expect(news().filter((each) => each.startsWith('join'))).toEqual(['join acme'])
  })

  it('the depths at the broker, every minute', async () => {
    const told: unknown[] = []
    const { pass, stop } = start({ onDepths: ({ waiting }) => void told.push([...waiting]) })
    await pass(0)
    expect(told).toEqual([[['acme', 3]]])
    await pass(60_000)
    expect(told).toHaveLength(2)
    stop.abort()
    await pass(60_000)
    expect(told).toHaveLength(2)
  })
})
