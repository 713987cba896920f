import { afterEach, expect, it, jest } from '@jest/globals'
import { bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import {
  createFloodWatch,
  leastBacklog,
  poolsByQueue,
  watchFloods,
} from '../../../lib/bridge/flood-watch.ts'
import { type Topology, topologyOf } from '../../../lib/bridge/topology.ts'
import { silentLog } from '../../support/memory.ts'

const tenants = ['acme', 'globex', 'initech', 'umbrella', 'hooli'].map((id) => ({
  ...{ id, events: ['task.create' as const], locale: 'ru', cell: 'main', pool: 'p00' },
}))
/** The pool of so many tenants. */
const poolOf = (count: number) =>
  bridgeQueues(
    Array.from({ length: count }, (_, index) =>
      topologyOf({
        ...{ id: tenants[index]?.id ?? `t-${index}`, events: ['task.create'], locale: 'ru' },
        ...{ cell: 'main', pool: 'p00' },
      }),
    ),
  )
const pools = poolOf(5)
const queue = 'cell.main.p00.eventbridge'
const bypass = 'cell.main.p00.bypass.eventbridge'

/** A watch at a broker with so many ready messages in each queue. */
function start(ready: Record<string, number>, calmLooks = 1, queues = pools) {
  const calls: string[] = []
  const broker = {
    count: jest.fn(async (name: string) => ready[name] ?? 0),
    openBypass: jest.fn(async ({ tenant }: Topology) => void calls.push(`open for ${tenant}`)),
    closeBypass: jest.fn(
      async (topologies: readonly Topology[]) => void calls.push(`close for ${topologies.length}`),
    ),
  }
  const byQueue = poolsByQueue(queues)
  const log = { ...silentLog, info: jest.fn(), warn: jest.fn() }
  const watch = createFloodWatch(broker, () => byQueue, log, calmLooks)
  return {
    log,
    watch,
    broker,
    calls,
    ready,
    byQueue,
    /** Messages of these tenants in turn. */
    async deliver(count: number, senders: readonly string[], from = queue) {
      for (let index = 0; index < count; index += 1) {
        watch.note({ queue: from, tenant: senders[index % senders.length] ?? '' })
      }
      await new Promise(setImmediate)
    },
  }
}

afterEach(() => void jest.useRealTimers())

it('opens the bypass for the tenant whose messages make the backlog, once', async () => {
  const { deliver, calls } = start({ [queue]: leastBacklog })
  await deliver(500, ['acme', 'acme', 'acme', 'acme', 'globex'])
  expect(calls).toEqual(['open for acme'])
})

it('opens none without a backlog, nor for one that many tenants make alike', async () => {
  const calm = start({ [queue]: leastBacklog - 1 })
  await calm.deliver(500, ['acme'])
  expect(calm.calls).toEqual([])
  const alike = start({ [queue]: 50_000 })
  await alike.deliver(
    500,
    tenants.map(({ id }) => id),
  )
  expect(alike.calls).toEqual([])
  expect(alike.broker.count).not.toHaveBeenCalled()
})

it('leads another tenant that floods the bypass into the pool too', async () => {
  const { deliver, calls } = start({ [queue]: 50_000, [bypass]: 50_000 })
  await deliver(50, ['acme'])
  await deliver(50, ['globex', 'initech'], bypass)
  expect(calls).toEqual(['open for acme', 'open for globex', 'open for initech'])
})

it('closes the bypass for all tenants of the pool after so many looks without a backlog', async () => {
  const { watch, deliver, calls, ready } = start({ [queue]: 50_000 }, 2)
  await deliver(50, ['acme'])
  await watch.look()
  ready[queue] = 0
  await watch.look()
  ready[queue] = leastBacklog
  await watch.look()
  ready[queue] = leastBacklog - 1
  await watch.look()
  expect(calls).toEqual(['open for acme'])
  await watch.look()
  await watch.look()
  expect(calls).toEqual(['open for acme', 'close for 5'])
})

it('closes a bypass that another bridge has opened, as soon as a message comes from it', async () => {
  const { watch, deliver, calls } = start({})
  await watch.look()
  expect(calls).toEqual([])
  await deliver(1, ['globex'], bypass)
  await watch.look()
  expect(calls).toEqual(['close for 5'])
})

it('says once that a backlog is worked off, although messages that were in the bypass come afterwards', async () => {
  const { watch, deliver, calls, ready, log } = start({ [queue]: 50_000 })
  await deliver(50, ['acme'])
  ready[queue] = 0
  await watch.look()
  await deliver(1, ['globex'], bypass)
  await watch.look()
  expect(calls).toEqual(['open for acme', 'close for 5', 'close for 5'])
  expect(log.info).toHaveBeenCalledTimes(1)
  await watch.look()
  ready[queue] = 50_000
  await deliver(50, ['acme'])
  ready[queue] = 0
  await watch.look()
  expect(log.warn).toHaveBeenCalledTimes(2)
  expect(log.info).toHaveBeenCalledTimes(2)
})

it('says it again of a later backlog, which any bridge may have seen', async () => {
  const { watch, deliver, ready, log } = start({ [queue]: 50_000 })
  const workOff = async () => {
    ready[queue] = 0
    await watch.look()
  }
  await deliver(50, ['acme'])
  await workOff()
  // The bypass is noted, and then opened, without a look in between.
  await deliver(1, ['globex'], bypass)
  ready[queue] = 50_000
  await deliver(50, ['acme'])
  await workOff()
  expect(log.info).toHaveBeenCalledTimes(2)
  await watch.look()
  // Another bridge has opened it.
  await deliver(1, ['globex'], bypass)
  await workOff()
  expect(log.info).toHaveBeenCalledTimes(3)
})

it('takes no bypass for open because a message comes from its pool', async () => {
  const { watch, broker, deliver, calls } = start({})
  await deliver(1, ['acme'])
  await watch.look()
  expect(broker.count).not.toHaveBeenCalled()
  expect(calls).toEqual([])
})

it('tries again after a failure, and says what it was', async () => {
  const { watch, broker, deliver, calls, log } = start({ [queue]: 50_000 })
  broker.count.mockRejectedValueOnce(new Error('the channel is lost'))
  await deliver(50, ['acme'])
  expect(log.warn.mock.calls.map(([, fields]) => fields)).toEqual([
    { queue, problem: 'the channel is lost' },
  ])
  await deliver(50, ['acme'])
  broker.count.mockRejectedValueOnce(new Error('the channel is lost'))
  await watch.look()
  broker.count.mockResolvedValue(0)
  await watch.look()
  expect(calls).toEqual(['open for acme', 'close for 5'])
})

it('opens for the other tenants that flood where one is refused, which is not tried with each sample again', async () => {
  const { broker, deliver, calls, watch, ready } = start({ [queue]: 50_000 })
  broker.openBypass.mockImplementation(async ({ tenant }) => {
    calls.push(`open for ${tenant}`)
    if (tenant === 'acme') throw new Error('its events go to another queue')
  })
  for (let sample = 0; sample < 10; sample += 1) await deliver(50, ['acme', 'globex'])
  expect(calls).toEqual(['open for acme', 'open for globex'])
  ready[queue] = 0
  await watch.look()
  expect(calls.at(-1)).toBe('close for 5')
})

it('closes what a failure may have left open', async () => {
  const { broker, deliver, calls, watch, ready, log } = start({ [queue]: 50_000 })
  broker.openBypass.mockRejectedValueOnce(new Error('the channel is lost'))
  await deliver(50, ['acme'])
  expect(log.warn.mock.calls.map(([, fields]) => fields)).toEqual([
    { tenant: 'acme', queue, problem: 'the channel is lost' },
  ])
  ready[queue] = 0
  await watch.look()
  expect(calls).toEqual(['close for 5'])
})

it('leaves queues of one tenant alone', async () => {
  const alone = bridgeQueues([topologyOf({ ...tenants[0], pool: 'own-acme' } as never)])
  expect(poolsByQueue(alone).size).toBe(0)
})

/** A sample of which so many messages are of one tenant, and none of the others are many. */
const sampleOf = (count: number) => [
  ...Array<string>(count).fill('acme'),
  ...Array.from({ length: 50 - count }, (_, index) => `t-${index % 15}`),
]

it.each([
  ['one and a half of its share', 5, 15],
  ['three quarters in a pool of two', 2, 38],
  ['a quarter in a large pool', 20, 13],
])('opens for a tenant of %s and more', async (_, size, least) => {
  const calm = start({ [queue]: 50_000 }, 1, poolOf(size))
  await calm.deliver(50, sampleOf(least - 1))
  expect(calm.calls).toEqual([])
  const flooded = start({ [queue]: 50_000 }, 1, poolOf(size))
  await flooded.deliver(50, sampleOf(least))
  expect(flooded.calls).toEqual(['open for acme'])
})

it('looks at the parts of fifty messages, and then of the next fifty', async () => {
  const { deliver, calls } = start({ [queue]: 50_000 })
  await deliver(49, ['acme'])
  expect(calls).toEqual([])
  await deliver(1, ['acme'])
  expect(calls).toEqual(['open for acme'])
  await deliver(49, ['globex'])
  expect(calls).toHaveLength(1)
  await deliver(1, ['globex'])
  expect(calls.at(-1)).toBe('open for globex')
})

it('counts the messages of a queue once at a time', async () => {
  const { deliver, broker, calls } = start({})
  let answer: (count: number) => void = () => undefined
  broker.count.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  await deliver(150, ['acme'])
  expect(broker.count).toHaveBeenCalledTimes(1)
  answer(leastBacklog)
  await new Promise(setImmediate)
  expect(calls).toEqual(['open for acme'])
  await deliver(50, ['globex'])
  expect(broker.count).toHaveBeenCalledTimes(2)
})

it('opens again after ten seconds for a tenant that floods still, and says it once', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] })
  const { deliver, calls, log } = start({ [queue]: 700 })
  await deliver(50, ['acme'])
  jest.advanceTimersByTime(10_000)
  await deliver(50, ['acme'])
  expect(calls).toEqual(['open for acme'])
  jest.advanceTimersByTime(1)
  await deliver(100, ['acme'])
  expect(calls).toEqual(['open for acme', 'open for acme'])
  expect(log.warn.mock.calls.map(([, fields]) => fields)).toEqual([
    { tenant: 'acme', queue, waiting: 700 },
  ])
})

it('leaves messages alone of queues that are no pool, and of a pool that nobody shares', async () => {
  const { deliver, broker, watch, calls } = start({ [queue]: 50_000 }, 1, poolOf(1))
  await deliver(100, ['acme'])
  await deliver(100, ['acme'], bypass)
  await deliver(100, ['acme'], 'tenant.acme.eventbridge')
  await watch.look()
  expect(broker.count).not.toHaveBeenCalled()
  expect(calls).toEqual([])
})

it('takes a queue that is gone for one without a backlog', async () => {
  const { deliver, broker, watch, calls } = start({})
  broker.count.mockResolvedValue(undefined as never)
  await deliver(50, ['acme'])
  expect(calls).toEqual([])
  await deliver(1, ['acme'], bypass)
  await watch.look()
  expect(calls).toEqual(['close for 5'])
})

it('closes a bypass in which messages wait, as it is told', async () => {
  const { watch, calls, log } = start({})
  watch.noteBypass(pools[0] as never)
  await watch.look()
  await watch.look()
  expect(calls).toEqual(['close for 5'])
  expect(log.info.mock.calls.map(([, fields]) => fields)).toEqual([{ queue }])
})

it('closes again what could not be closed, and says why', async () => {
  const { watch, broker, calls, log } = start({})
  watch.noteBypass(pools[0] as never)
  broker.closeBypass.mockRejectedValueOnce(new Error('the channel is lost'))
  await watch.look()
  expect(log.warn.mock.calls.map(([, fields]) => fields)).toEqual([
    { queue, problem: 'the channel is lost' },
  ])
  expect(log.info).not.toHaveBeenCalled()
  await watch.look()
  expect(calls).toEqual(['close for 5'])
})

it.each([
  ['was opened', undefined],
  ['may have been opened', new Error('the channel is lost')],
])('closes what %s while it was being closed', async (_, failure) => {
  const { watch, broker, deliver, calls, ready } = start({ [queue]: 50_000 })
  let answer: () => void = () => undefined
  broker.openBypass.mockImplementationOnce(
    () =>
      new Promise((resolve, reject) => {
        answer = () => (failure ? reject(failure) : resolve(undefined))
      }),
  )
  await deliver(50, ['acme'])
  ready[queue] = 0
  await watch.look()
  answer()
  await new Promise(setImmediate)
  await watch.look()
  expect(calls).toEqual(['close for 5', 'close for 5'])
})

it('leaves a bypass alone whose pool is gone', async () => {
  const { watch, byQueue, calls, broker, log } = start({})
  watch.noteBypass(pools[0] as never)
  byQueue.clear()
  await watch.look()
  expect(broker.count).not.toHaveBeenCalled()
  expect([calls, log.warn.mock.calls]).toEqual([[], []])
})

it('is known by the names of both queues', () => {
  expect([...poolsByQueue(pools).keys()]).toEqual([queue, bypass])
  expect(poolsByQueue(pools).get(bypass)?.name).toBe(queue)
})

it('looks no more once it is over', async () => {
  const watch = { note() {}, noteBypass() {}, look: jest.fn(async () => undefined) }
  await watchFloods(watch, AbortSignal.abort())
  const over = new AbortController()
  const watching = watchFloods(watch, over.signal)
  over.abort()
  await watching
  expect(watch.look).not.toHaveBeenCalled()
})
