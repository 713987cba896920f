import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import type { DrainOptions } from '../../../../lib/bridge/drain/drain.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Bus } from '../../../../lib/bridge/publish/bus.ts'
import type { Topology } from '../../../../lib/bridge/topology.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { memoryPayloads, silentLog } from '../../../support/memory.ts'
import { doneWithin, virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { drain } = await import('../../../../lib/bridge/drain/drain.ts')
const { createPublisher } = await import('../../../../lib/bridge/publish/publisher.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const bus = { put: async () => [], check: async () => undefined }

it('says that a queue is declared after it is, and of one that is not, nothing', async () => {
  const happened: string[] = []
  const broker = {
    address: 'test',
    lost: new AbortController().signal,
    count: async () => 0,
    async declare({ queue }: { queue: string }) {
      await new Promise(setImmediate)
      if (queue.includes('odd')) throw new EcosError('not-declared', queue)
      happened.push(`declared ${queue}`)
      return 0
    },
  } as Partial<Broker> as Broker
  const draining = drain({
    tenants: ['odd', 'acme'].map((id) => ({ id, events: [], locale: 'ru', cell: 'main' })),
    broker,
    bus,
    context: {
      publisher: createPublisher(bus),
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
    },
    deadline: new AbortController().signal,
    onDeclared: ({ queue }) => void happened.push(`told ${queue}`),
  })
  await expect(doneWithin(2_000, draining, jest)).rejects.toMatchObject({
    code: 'drain-incomplete',
  })
  const queue = 'tenant.acme.eventbridge'
  expect(happened).toEqual([`declared ${queue}`, `told ${queue}`])
})

it('drains the queues that are declared while thousands of others are not yet, and then these', async () => {
  const bridged: string[] = []
  const first = Promise.withResolvers<void>()
  const waiting = new Map([
    ['tenant.acme.eventbridge', 1],
    ['tenant.late.eventbridge', 1],
  ])
  const ready = (queue: string) => waiting.get(queue) ?? 0
  const accepting: Bus = {
    check: async () => undefined,
    put: async (entries) => {
      for (const { source } of entries) {
        if (!source.startsWith('ecos.')) continue
        bridged.push(source)
        first.resolve()
      }
      return entries.map(() => ({ status: 'accepted' }))
    },
  }
  const broker = {
    address: 'test',
    lost: new AbortController().signal,
    count: async (queue: string) => ready(queue),
    async declare({ queue, tenant }: Topology) {
      // Only once the others' events have gone.
      if (tenant === 'late') await first.promise
      return ready(queue)
    },
    async consume({ name, owner }, _prefetch, { onMessage }) {
      if (ready(name) > 0) {
        waiting.set(name, 0)
        setImmediate(() => onMessage(messageOf(name, String(owner))))
      }
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
  const draining = drain({
    tenants: ['late', 'acme'].map((id) => ({
      id,
      events: ['task.create'],
      locale: 'ru',
      cell: 'main',
    })),
    broker,
    bus: accepting,
    context: {
      publisher: createPublisher(accepting),
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
    },
    deadline: new AbortController().signal,
    declareFirst: 10,
  })
  const report = await doneWithin(20_000, draining, jest)
  expect(report).toMatchObject({ bridged: 2 })
  expect(bridged).toEqual(['ecos.acme', 'ecos.late'])
})

const tenant = (id: string) =>
  ({ id, events: ['task.create'], locale: 'ru', cell: 'main' }) as const
const queueOf = (id: string) => `tenant.${id}.eventbridge`

/** A broker with so many messages in each queue, of which it delivers as many as a consumer has room for. */
function setUp(ready: Record<string, number>, options: Partial<DrainOptions> = {}) {
  const waiting = new Map(Object.entries(ready))
  const happened: string[] = []
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const lost = new AbortController()
  const deadline = new AbortController()
  const broker: Broker = {
    address: 'test',
    lost: lost.signal,
    handshakes: {
      join: async (tenant: string) => void happened.push(`join ${tenant}`),
      broadcast: async () => undefined,
      answer: async () => undefined,
    },
    declare: async ({ queue }: Topology) => waiting.get(queue) ?? 0,
    unbind: async ({ tenant }: Topology) => void happened.push(`unbind ${tenant}`),
    closeBypass: async ([first]: readonly Topology[]) => {
      happened.push(`close bypass of ${first?.tenant}`)
    },
    count: async (queue: string) => waiting.get(queue),
    async consume({ name, owner = 'acme' }, prefetch, { onMessage }) {
      happened.push(`consume ${name} ${prefetch}`)
      let cancelled = false
      const deliver = () => {
        const left = waiting.get(name) ?? 0
        if (cancelled || left === 0) return
        waiting.set(name, left - 1)
        onMessage({ ...messageOf(name, owner), acknowledge: () => void setImmediate(deliver) })
      }
      setImmediate(() => {
        for (let each = 0; each < prefetch; each += 1) deliver()
      })
      return {
        async cancel() {
          cancelled = true
        },
      }
    },
  } as Partial<Broker> as Broker
  const accepting: Bus = {
    check: async () => undefined,
    async put(entries) {
      for (const { source } of entries) happened.push(`put ${source}`)
      return entries.map(() => ({ status: 'accepted' }))
    },
  }
  const onBus = options.bus ?? accepting
  const draining = () =>
    drain({
      tenants: [tenant('acme')],
      broker,
      context: {
        publisher: createPublisher(onBus),
        quarantine: { store: async () => undefined },
        payloads: memoryPayloads(),
        log,
      },
      deadline: deadline.signal,
      ...options,
      bus: onBus,
    })
  return { broker, happened, log, lost, deadline, waiting, draining }
}

describe('a drain', () => {
  it('asks the bus nothing where nothing waits', async () => {
    const { draining, happened } = setUp({})
    expect(await doneWithin(1_000, draining(), jest)).toEqual({
      ...{ bridged: 0, quarantined: 0, unasked: 0, returned: 0, 'dead-lettered': 0 },
    })
    expect(happened).toEqual([])
  })

  it('reports where each message went, and writes the ids of what it bridged before it ends', async () => {
    const { draining, happened, log } = setUp({ [queueOf('acme')]: 1 })
    expect(await doneWithin(2_000, draining(), jest)).toMatchObject({ bridged: 1, returned: 0 })
    expect(happened).toEqual([
      'put ecos-eventbridge',
      `consume ${queueOf('acme')} 1`,
      'put ecos.acme',
    ])
    expect(log.info).toHaveBeenCalledWith(
      'Bridged',
      expect.objectContaining({ tenant: 'acme', eventIds: ['of-acme'] }),
    )
  })

  it('begins anew with each report', async () => {
    for (const _ of [1, 2]) {
      const { draining } = setUp({ [queueOf('acme')]: 1 })
      expect(await doneWithin(2_000, draining(), jest)).toMatchObject({ bridged: 1 })
    }
  })

  it('has a hundred messages out at most, unless it is told otherwise', async () => {
    const shares = async (options: Partial<DrainOptions>) => {
      const { draining, happened } = setUp({ [queueOf('acme')]: 130 }, options)
      await doneWithin(60_000, draining(), jest)
      const prefetches = happened
        .filter((each) => each.startsWith('consume'))
        .map((each) => Number(each.split(' ')[2]))
      return Math.max(...prefetches)
    }
    // With the one message of the first visit, which may be out yet.
    expect(await shares({})).toBe(99)
    expect(await shares({ prefetch: 30 })).toBe(29)
  })

  it('tells the depths once, before it takes any message', async () => {
    const { draining, happened } = setUp(
      { [queueOf('acme')]: 1, [`${queueOf('acme')}.dead-letter`]: 4 },
      {
        onDepths({ waiting, deadLettered }) {
          happened.push(`waiting ${[...waiting]}`, `dead-lettered ${[...deadLettered]}`)
        },
      },
    )
    await doneWithin(2_000, draining(), jest)
    expect(happened.slice(0, 2)).toEqual(['waiting acme,1', 'dead-lettered acme,4'])
    expect(happened.filter((each) => each.startsWith('waiting'))).toHaveLength(1)
  })

  it('tells the depths of what is declared first, and not again of what comes later', async () => {
    const late = Promise.withResolvers<number>()
    const told: unknown[] = []
    const { draining } = setUp(
      {},
      {
        tenants: [tenant('acme'), tenant('late')],
        declareFirst: 100,
        declare: async (_, { tenant }) => (tenant === 'late' ? late.promise : 0),
        onDepths: ({ waiting }) => void told.push([...waiting]),
      },
    )
    const done = draining()
    await jest.advanceTimersByTimeAsync(250)
    expect(told).toEqual([[['acme', 0]]])
    late.resolve(0)
    await doneWithin(1_000, done, jest)
    expect(told).toHaveLength(1)
  })

  it('tells the depths only when a queue is declared, or none will be', async () => {
    const slow = Promise.withResolvers<number>()
    const told: unknown[] = []
    const onDepths: DrainOptions['onDepths'] = ({ waiting }) => void told.push([...waiting])
    const { draining } = setUp({}, { declareFirst: 100, declare: () => slow.promise, onDepths })
    const done = draining()
    await jest.advanceTimersByTimeAsync(550)
    expect(told).toEqual([])
    slow.resolve(2)
    await jest.advanceTimersByTimeAsync(0)
    expect(told).toEqual([[['acme', 2]]])
    await doneWithin(20_000, done, jest).catch(() => undefined)
    const none = setUp({}, { tenants: [], onDepths })
    await doneWithin(1_000, none.draining(), jest)
    expect(told).toEqual([[['acme', 2]], []])
  })

  it('tells no depths once time is up', async () => {
    const told: unknown[] = []
    const { draining, deadline } = setUp({}, { onDepths: () => void told.push('depths') })
    deadline.abort()
    await doneWithin(1_000, draining(), jest)
    expect(told).toEqual([])
  })

  it('waits five seconds for declarations that are not over, and then drains the others', async () => {
    const late = Promise.withResolvers<number>()
    const { draining, happened } = setUp(
      { [queueOf('acme')]: 1 },
      {
        tenants: [tenant('acme'), tenant('late')],
        declare: async (_, { tenant }) => (tenant === 'late' ? late.promise : 1),
      },
    )
    const done = draining()
    await jest.advanceTimersByTimeAsync(4_999)
    expect(happened).toEqual([])
    await jest.advanceTimersByTimeAsync(1)
    await jest.advanceTimersByTimeAsync(0)
    expect(happened[0]).toBe('put ecos-eventbridge')
    late.resolve(0)
    expect(await doneWithin(10_000, done, jest)).toMatchObject({ bridged: 1 })
  })

  it('unbinds the queue of a removed tenant, and drains it', async () => {
    const { draining, happened } = setUp(
      { [queueOf('gone')]: 1 },
      { tenants: [], leaving: [tenant('gone')] },
    )
    expect(await doneWithin(2_000, draining(), jest)).toMatchObject({ bridged: 1 })
    expect(happened[0]).toBe('unbind gone')
    expect(happened.at(-1)).toBe('put ecos.gone')
  })

  it('closes the bypass of a pool in which nothing waits any more', async () => {
    const pooled = ['acme', 'beta'].map((id) => ({ ...tenant(id), pool: 'p00' }))
    const bypass = 'cell.main.p00.bypass.eventbridge'
    const closed = async (ready: Record<string, number>) => {
      const { draining, happened } = setUp(ready, { tenants: pooled })
      await doneWithin(60_000, draining(), jest)
      return happened.includes('close bypass of acme')
    }
    const pool = 'cell.main.p00.eventbridge'
    expect(await closed({ [bypass]: 1, [pool]: 0 })).toBe(true)
    expect(await closed({ [bypass]: 0, [pool]: 1 })).toBe(false)
  })

  it('announces the interests to the sources of events 1.0', async () => {
    const interestsOf = async () => ({ 'record.update': { attributes: ['name'] } })
    const { draining, happened } = setUp({}, { interestsOf })
    await doneWithin(2_000, draining(), jest)
    expect(happened).toEqual(['join acme'])
  })

  it('announces nothing over 1.0 for a tenant of events 2.0 alone', async () => {
    const events2 = { target: 'app', only: true, interests: {} }
    const interestsOf = async () => ({ 'record.update': { attributes: ['name'] } })
    const options = { interestsOf, tenants: [{ ...tenant('acme'), events2 }] }
    const { draining, happened } = setUp({}, options)
    await doneWithin(2_000, draining(), jest)
    expect(happened).toEqual([])
  })

  it('gives its announcements a second, and none where the connection is lost', async () => {
    const interestsOf = () => new Promise<never>(() => undefined)
    const well = setUp({}, { interestsOf })
    const done = well.draining()
    let isOver = false
    void done.then(() => {
      isOver = true
    })
    await jest.advanceTimersByTimeAsync(999)
    expect(isOver).toBe(false)
    await jest.advanceTimersByTimeAsync(1)
    expect(isOver).toBe(true)
    const broken = setUp({}, { interestsOf })
    broken.lost.abort(new EcosError('broker-lost', 'the connection is lost'))
    const failing = broken.draining().catch((error: EcosError) => error.message)
    let failed: unknown
    void failing.then((message) => {
      failed = message
    })
    await jest.advanceTimersByTimeAsync(0)
    expect(failed).toContain('the connection is lost')
  })
})

describe('a drain that is incomplete', () => {
  const failureOf = async (milliseconds: number, draining: Promise<unknown>) =>
    doneWithin(milliseconds, draining, jest).then(
      () => 'none',
      (error: EcosError) => {
        expect(error).toMatchObject({ code: 'drain-incomplete', retryable: true })
        return error.message
      },
    )

  it('says what is left in which queues, and how much went back', async () => {
    const failing: Bus = {
      check: async () => undefined,
      put: async (entries) =>
        entries.map(({ source }) =>
          source === 'ecos-eventbridge'
            ? { status: 'accepted' }
            : { status: 'failed', code: 'InternalFailure' },
        ),
    }
    const ready = { [queueOf('acme')]: 3, [queueOf('beta')]: 4, [queueOf('empty')]: 0 }
    const tenants = ['acme', 'beta', 'empty'].map(tenant)
    const { draining, deadline } = setUp(ready, { tenants, bus: failing })
    const failure = failureOf(10_000, draining())
    await jest.advanceTimersByTimeAsync(1_000)
    deadline.abort()
    // The first visits take one message each.
    expect(await failure).toBe(
      'The drain is incomplete: 5 messages are left in the queues of acme, beta; ' +
        '2 messages could not be settled and went back',
    )
  })

  it('names ten queues, and counts the others', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `t${index}`)
    const { draining, deadline } = setUp(Object.fromEntries(ids.map((id) => [queueOf(id), 2])), {
      tenants: ids.map(tenant),
      declareFirst: 100,
      async declare(_, { tenant }) {
        if (tenant === 't11') deadline.abort()
        return 2
      },
    })
    expect(await failureOf(1_000, draining())).toBe(
      'The drain is incomplete: 24 messages are left in the queues of ' +
        't0, t1, t2, t3, t4, t5, t6, t7, t8, t9, and 2 more',
    )
  })

  it('names ten queues without a count of others', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `t${index}`)
    const { draining, deadline } = setUp(Object.fromEntries(ids.map((id) => [queueOf(id), 2])), {
      tenants: ids.map(tenant),
    })
    deadline.abort()
    expect(await failureOf(1_000, draining())).toBe(
      'The drain is incomplete: 20 messages are left in the queues of ' +
        't0, t1, t2, t3, t4, t5, t6, t7, t8, t9',
    )
  })

  it('says nothing of what is left where the broker does not tell', async () => {
    let counts = 0
    const { draining, deadline, broker } = setUp({ [queueOf('acme')]: 1 })
    const { consume } = broker
    broker.consume = async (...given) => {
      setImmediate(() => setImmediate(() => deadline.abort()))
      return consume(...given)
    }
    broker.count = async () => {
      counts += 1
      throw new Error('no answer')
    }
    expect(await doneWithin(10_000, draining(), jest)).toMatchObject({ bridged: 1 })
    expect(counts).toBeGreaterThan(0)
  })

  it('says that the connection was lost, and counts nothing then', async () => {
    const { draining, lost, broker } = setUp({ [queueOf('acme')]: 2 })
    let counts = 0
    const { consume, count } = broker
    broker.count = (queue) => {
      if (lost.signal.aborted) counts += 1
      return count(queue)
    }
    broker.consume = (...given) => {
      setImmediate(() => setImmediate(() => lost.abort(new EcosError('broker-lost', 'it is lost'))))
      return consume(...given)
    }
    expect(await failureOf(10_000, draining())).toContain('it is lost')
    expect(counts).toBe(0)
  })

  it('is none where the bus takes nothing until the deadline: no message was taken', async () => {
    const silent: Bus = { check: async () => undefined, put: async () => [] }
    const { draining, deadline, happened } = setUp({ [queueOf('acme')]: 2 }, { bus: silent })
    const done = draining().catch((error: EcosError) => error.code)
    await jest.advanceTimersByTimeAsync(1_000)
    deadline.abort()
    expect(await doneWithin(100, done, jest)).toBe('bus-unavailable')
    expect(happened).toEqual([])
  })
})

function messageOf(queue: string, tenant: string): IncomingMessage {
  const settle = () => undefined
  return {
    ...{ tenant, queue, wire: '1.0', properties: {}, redelivered: false },
    ...{ exchange: `tenant.${tenant}.events`, routingKey: 'task.create' },
    body: Buffer.from(JSON.stringify({ data: { id: `of-${tenant}`, type: 'task.create' } })),
    ...{ acknowledge: settle, deadLetter: settle, requeue: settle },
  }
}
