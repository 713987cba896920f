import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { Topology } from '../../../../lib/bridge/topology.ts'
import type { QueueConsumersOptions } from '../../../../lib/bridge/worker/queue-consumers.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { EcosError } from '../../../../lib/errors.ts'
import type { CellTenants } from '../../../../lib/tenants/published.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { fixedTenants } = await import('../../../../lib/bridge/worker/follow-tenants.ts')
const { consumeQueues } = await import('../../../../lib/bridge/worker/queue-consumers.ts')

beforeEach(() => {
  jest.useFakeTimers()
  // The longest of each wait.
  jest.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

const tenants = parseTenants(
  'tenants: { refused: { events: [task.create] }, other: { events: [task.create] } }',
  'tenants.yml',
)

/** Starts consuming at a broker that answers basic.consume by `consume`, until `stop` is called. */
function start(
  consume: (tenant: string) => void,
  refusedUntil = new Map<string, number>(),
  options: Partial<QueueConsumersOptions> = {},
) {
  const over = new AbortController()
  const status = createStatus()
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const happened: string[] = []
  const counts = new Map<string, number>()
  const handlers = new Map<string, QueueConsumerHandlers>()
  const broker = {
    async consume({ owner, name }: BridgeQueue, prefetch: number, given: QueueConsumerHandlers) {
      consume(owner ?? name)
      happened.push(`consume ${owner ?? name} ${prefetch}`)
      handlers.set(name, given)
      return { cancel: async () => void happened.push(`cancel ${owner ?? name}`) }
    },
    count: async (queue: string) => counts.get(queue),
  } as unknown as Broker
  const done = consumeQueues({
    broker,
    tenants: fixedTenants(tenants),
    pace: () => 0,
    prefetch: () => 10,
    declare: async () => 0,
    letGo: async () => undefined,
    settle: async () => 'bridged',
    isIdle: () => true,
    mayTake: async () => undefined,
    onDeclared: () => undefined,
    onRefused: (tenant) => void happened.push(`refused ${tenant}`),
    over: over.signal,
    status,
    log,
    refusedUntil,
    ...options,
  })
  return {
    ...{ status, refusedUntil, log, happened, counts, over },
    gone: (queue: string) => handlers.get(queue)?.onGone(),
    deliver: (queue: string, message: object) =>
      handlers.get(queue)?.onMessage(message as Parameters<QueueConsumerHandlers['onMessage']>[0]),
    pass: (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds),
    news: () => happened.splice(0),
    async stop() {
      over.abort()
      await jest.advanceTimersByTimeAsync(0)
      await done
    },
  }
}

it('a queue that the broker refused is not tried again before its time, also over a new connection', async () => {
  const tried: string[] = []
  const time = performance.now() + 3_600_000
  const run = start((tenant) => tried.push(tenant), new Map([['refused', time]]))
  await run.pass(10_000)
  expect([tried, run.status.consuming]).toEqual([['other'], 1])
  await run.stop()
})

it('a queue that the broker refused is tried again when its time has come', async () => {
  const tried: string[] = []
  const time = performance.now() + 50
  const run = start((tenant) => tried.push(tenant), new Map([['refused', time]]))
  await run.pass(49)
  expect(tried).toEqual(['other'])
  await run.pass(1)
  await run.stop()
  expect(tried.sort()).toEqual(['other', 'refused'])
})

it('a refusal keeps that one queue waiting, and any other failure none', async () => {
  const failures: Record<string, Error[]> = {
    refused: [new EcosError('consume-refused', 'RabbitMQ refuses')],
    other: [new Error('Channel ended, no reply will be forthcoming')],
  }
  const run = start((tenant) => {
    const failure = failures[tenant]?.shift()
    if (failure) throw failure
  })
  const begin = performance.now()
  await run.pass(0)
  expect(run.status.problems).toEqual({
    refused: 'RabbitMQ refuses',
    other: 'Channel ended, no reply will be forthcoming',
  })
  expect(run.log.error).toHaveBeenCalledWith('A queue is not consumed', {
    tenant: 'other',
    error: expect.any(Error),
  })
  await run.pass(1_000)
  expect(run.status.problems).toEqual({ refused: 'RabbitMQ refuses' })
  expect([...run.refusedUntil]).toEqual([['refused', begin + 300_000]])
  expect(run.news()).toEqual(['refused refused', 'consume other 2'])
  await run.pass(298_000)
  expect(run.news()).toEqual([])
  await run.pass(1_000)
  expect(run.news()).toEqual(['consume refused 2'])
  expect(run.status.problems).toEqual({})
  await run.stop()
})

const tenantsOf = (text: string, leaving = '{}'): CellTenants => ({
  tenants: parseTenants(`tenants: ${text}`, 'tenants.yml'),
  leaving: parseTenants(`tenants: ${leaving}`, 'tenants.yml'),
})

it('each queue begins with half of an even share, an ordered one with two batches at most', async () => {
  const now = tenantsOf('{ a: , b: { wire: 2.0 } }')
  const run = start(() => undefined, new Map(), { tenants: () => now, prefetch: () => 1_000 })
  await run.pass(0)
  expect(run.happened).toEqual(['consume a 250', 'consume b 20'])
  expect(run.status.consuming).toBe(2)
  await run.stop()
  // At the end of the session all consumers are cancelled together.
  expect(run.happened).toHaveLength(2)
  expect(run.status.consuming).toBe(0)
})

it('the queue of a tenant that is no longer there is cancelled, and its problem forgotten', async () => {
  let now = tenantsOf('{ a: , b: }')
  const run = start(
    (tenant) => {
      if (tenant === 'b') throw new Error('no channel')
    },
    new Map(),
    { tenants: () => now },
  )
  await run.pass(0)
  expect([run.news(), run.status.problems]).toEqual([['consume a 2'], { b: 'no channel' }])
  now = tenantsOf('{}')
  await run.pass(1_000)
  expect([run.news(), run.status.problems, run.status.consuming]).toEqual([['cancel a'], {}, 0])
  await run.stop()
})

it('a problem at the end of the session is kept: the next one tells whether it is over', async () => {
  const run = start(() => {
    throw new Error('no channel')
  })
  await run.pass(0)
  await run.stop()
  expect(run.status.problems).toEqual({ refused: 'no channel', other: 'no channel' })
})

it('a queue that is gone, or could not be declared, is declared again, ever more seldom', async () => {
  const now = tenantsOf('{ a: }')
  const declared: number[] = []
  let failures = 2
  const run = start(() => undefined, new Map(), {
    tenants: () => now,
    async declare() {
      declared.push(performance.now())
      failures -= 1
      if (failures >= 0) throw new EcosError('not-declared', 'the broker is busy')
      return 0
    },
  })
  const begin = performance.now()
  await run.pass(0)
  expect(run.status.problems).toEqual({ a: 'the broker is busy' })
  await run.pass(3_000)
  expect(declared.map((at) => at - begin)).toEqual([0, 1_000, 3_000])
  expect([run.news(), run.status.problems]).toEqual([['consume a 5'], {}])
  run.gone('tenant.a.eventbridge')
  await run.pass(0)
  expect(run.news()).toEqual([])
  expect(run.status).toMatchObject({
    consuming: 0,
    problems: { a: expect.stringContaining('gone') },
  })
  await run.pass(4_000)
  expect(run.news()).toEqual(['consume a 5'])
  await run.stop()
})

it('is consumed once messages may be taken, which is checked anew where a store has failed', async () => {
  const now = tenantsOf('{ a: }')
  const asked: boolean[] = []
  const may = Promise.withResolvers<void>()
  const run = start(() => undefined, new Map(), {
    tenants: () => now,
    mayTake: async (anew) => {
      asked.push(anew)
      await may.promise
    },
    settle: async () => 'returned',
  })
  await run.pass(5_000)
  expect([asked, run.news()]).toEqual([[false], []])
  may.resolve()
  await run.pass(0)
  expect(run.news()).toEqual(['consume a 5'])
  run.deliver('tenant.a.eventbridge', { requeue: () => void run.happened.push('requeued') })
  await run.pass(0)
  expect(run.news().slice(0, 2)).toEqual(['cancel a', 'requeued'])
  await run.pass(1_000)
  expect([asked, run.news()]).toEqual([[false, true], ['consume a 5']])
  run.gone('tenant.a.eventbridge')
  await run.pass(2_000)
  expect(asked).toEqual([false, true, false])
  await run.stop()
})

it('is not consumed where the end came before messages may be taken', async () => {
  for (const now of [tenantsOf('{ a: }'), tenantsOf('{}', '{ a: }')]) {
    const may = Promise.withResolvers<void>()
    const run = start(() => undefined, new Map(), {
      tenants: () => now,
      mayTake: () => may.promise,
      letGo: async () => 5,
    })
    await run.pass(0)
    run.over.abort()
    may.resolve()
    await run.stop()
    expect(run.happened).toEqual([])
  }
})

it('a failure because of the end is no problem, but a refusal is told all the same', async () => {
  const fail = async (error: Error) => {
    const run = start(
      () => {
        run.over.abort()
        throw error
      },
      new Map(),
      { tenants: fixedTenants(tenantsOf('{ a: }').tenants) },
    )
    await run.pass(0)
    await run.stop()
    return [run.happened, Object.keys(run.status.problems), [...run.refusedUntil.keys()]]
  }
  expect(await fail(new Error('the connection is closed'))).toEqual([[], [], []])
  expect(await fail(new EcosError('consume-refused', 'RabbitMQ refuses'))).toEqual([
    ...[['refused a'], ['a'], ['a']],
  ])
})

const inPool = ({ tenants, leaving }: CellTenants): CellTenants => ({
  tenants: tenants.map((tenant) => ({ ...tenant, pool: 'p00' })),
  leaving: leaving.map((tenant) => ({ ...tenant, pool: 'p00' })),
})
const pool = 'cell.main.p00.eventbridge'
const bypass = 'cell.main.p00.bypass.eventbridge'

it('a pool is consumed with its bypass, and both again if one of them fails', async () => {
  const now = inPool(tenantsOf('{ a: , b: }'))
  const run = start(() => undefined, new Map(), { tenants: () => now })
  await run.pass(0)
  expect(run.news()).toEqual([`consume ${pool} 2`, `consume ${bypass} 2`])
  run.gone(bypass)
  await run.pass(0)
  expect([run.news(), run.status.problems]).toEqual([
    [`cancel ${pool}`],
    { [pool]: expect.stringContaining('gone') },
  ])
  await run.pass(1_000)
  expect(run.news()).toEqual([`consume ${pool} 2`, `consume ${bypass} 2`])
  expect(run.status.consuming).toBe(2)
  await run.stop()
})

it('the refusal of a pool is told of each of its tenants', async () => {
  const now = inPool(tenantsOf('{ a: , b: }'))
  const run = start(
    (name) => {
      if (name === pool) throw new EcosError('consume-refused', 'RabbitMQ refuses')
    },
    new Map(),
    { tenants: () => now },
  )
  await run.pass(0)
  expect(run.happened.filter((each) => each.startsWith('refused'))).toEqual([
    ...['refused a', 'refused b'],
  ])
  expect([...run.refusedUntil.keys()]).toEqual([pool])
  await run.stop()
})

it('what a removed tenant has left is drained: until it is empty, and all of it is settled', async () => {
  const now = tenantsOf('{}', '{ a: }')
  let idle = false
  const looks: number[] = []
  const queue = 'tenant.a.eventbridge'
  const run = start(() => undefined, new Map(), {
    tenants: () => now,
    isIdle: () => idle,
    async letGo(_broker: Broker, { queue }: Topology, isIdle = () => true) {
      looks.push(performance.now())
      run.happened.push(`let go, idle: ${isIdle()}`)
      return run.counts.get(queue)
    },
  })
  run.counts.set(queue, 3)
  await run.pass(0)
  expect(run.news()).toEqual(['let go, idle: false', 'consume a 5'])
  await run.pass(5_000)
  run.counts.set(queue, 0)
  await run.pass(5_000)
  expect(run.news()).toEqual([])
  idle = true
  await run.pass(999)
  expect(run.news()).toEqual([])
  await run.pass(1)
  expect(run.news()).toEqual(['cancel a', 'let go, idle: true'])
  // It is empty: then a look now and then will do.
  await run.pass(59_999)
  expect(run.news()).toEqual([])
  await run.pass(1)
  expect(run.news()).toEqual(['let go, idle: true'])
  run.counts.set(queue, 1)
  await run.pass(60_000)
  expect(run.news()).toEqual(['let go, idle: true', 'consume a 5'])
  await run.stop()
})

it('an empty queue of a removed tenant is looked at every second while messages of it are in flight', async () => {
  const now = tenantsOf('{}', '{ a: }')
  let looks = 0
  const run = start(() => undefined, new Map(), {
    tenants: () => now,
    isIdle: () => looks > 2,
    async letGo() {
      looks += 1
      return 0
    },
  })
  await run.pass(1_999)
  expect(looks).toBe(2)
  await run.pass(30_000)
  expect(looks).toBe(3)
  expect(run.happened).toEqual([])
  await run.stop()
})

it('what removed tenants have left in the bypass of their pool is drained as well', async () => {
  const now = inPool(tenantsOf('{}', '{ a: , b: }'))
  const run = start(() => undefined, new Map(), { tenants: () => now, letGo: async () => 0 })
  run.counts.set(pool, 0).set(bypass, 2)
  await run.pass(0)
  expect(run.news()).toEqual([`consume ${pool} 2`, `consume ${bypass} 2`])
  await run.pass(1_000)
  // Each ends when it is empty.
  expect(run.news()).toEqual([`cancel ${pool}`])
  run.counts.set(bypass, 0)
  await run.pass(1_000)
  expect(run.news()).toEqual([`cancel ${bypass}`])
  await run.stop()
})

it('a pool of which one tenant is removed is consumed for the others', async () => {
  const now = inPool(tenantsOf('{ a: }', '{ b: }'))
  const release = jest.fn(async () => undefined)
  const run = start(() => undefined, new Map(), { tenants: () => now, letGo: release })
  await run.pass(0)
  expect(run.news()).toEqual([`consume ${pool} 2`, `consume ${bypass} 2`])
  await run.stop()
})

it('an empty pool of removed tenants is looked at every second while messages of its bypass are in flight', async () => {
  const now = inPool(tenantsOf('{}', '{ a: , b: }'))
  let looks = 0
  const run = start(() => undefined, new Map(), {
    tenants: () => now,
    isIdle: (queue) => queue !== bypass,
    async letGo(_broker: Broker, { tenant }: Topology) {
      if (tenant === 'a') looks += 1
      return 0
    },
  })
  await run.pass(2_500)
  expect(looks).toBe(3)
  await run.stop()
})

it('a queue of events 2.0 goes by its own name, beside that of the same tenant’s events 1.0', async () => {
  const now = tenantsOf('{ a: { wire: [1.0, 2.0] } }')
  const run = start(
    () => {
      throw new Error('no channel')
    },
    new Map(),
    { tenants: () => now },
  )
  await run.pass(0)
  const [second] = Object.keys(run.status.problems).filter((name) => name !== 'a')
  expect(Object.keys(run.status.problems)).toHaveLength(2)
  expect(second).toContain('ecos-eventbridge')
  await run.stop()
})

it('a refused queue whose tenant goes meanwhile is not tried', async () => {
  let now = tenantsOf('{ a: , b: }')
  const time = performance.now() + 3_600_000
  const run = start(() => undefined, new Map([['a', time]]), {
    tenants: () => now,
    declare: async (_: Broker, { tenant }: Topology) => {
      run.happened.push(`declare ${tenant}`)
      return 0
    },
  })
  await run.pass(0)
  now = tenantsOf('{ b: }')
  await run.pass(1_000)
  expect(run.news()).toEqual(['declare b', 'consume b 2'])
  await run.stop()
})
