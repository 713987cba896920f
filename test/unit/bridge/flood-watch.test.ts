import { expect, it, jest } from '@jest/globals'
import { bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import { createFloodWatch, leastBacklog, poolsByQueue } from '../../../lib/bridge/flood-watch.ts'
import { type Topology, topologyOf } from '../../../lib/bridge/topology.ts'
import { silentLog } from '../../support/memory.ts'

const tenants = ['acme', 'globex', 'initech', 'umbrella', 'hooli'].map((id) => ({
  ...{ id, events: ['task.create' as const], locale: 'ru', cell: 'main', pool: 'p00' },
}))
const [pool] = bridgeQueues(tenants.map(topologyOf))
const queue = 'cell.main.p00.eventbridge'
const bypass = 'cell.main.p00.bypass.eventbridge'

/** A watch at a broker with so many ready messages in each queue. */
function start(ready: Record<string, number>, calmLooks = 1) {
  const calls: string[] = []
  const broker = {
    count: jest.fn(async (name: string) => ready[name] ?? 0),
    openBypass: jest.fn(async ({ tenant }: Topology) => void calls.push(`open for ${tenant}`)),
    async closeBypass(topologies: readonly Topology[]) {
      calls.push(`close for ${topologies.length}`)
    },
  }
  const pools = poolsByQueue(pool ? [pool] : [])
  const log = { ...silentLog, info: jest.fn(), warn: jest.fn() }
  const watch = createFloodWatch(broker, () => pools, log, calmLooks)
  return {
    log,
    watch,
    broker,
    calls,
    ready,
    /** Messages of these tenants in turn. */
    async deliver(count: number, senders: readonly string[], from = queue) {
      for (let index = 0; index < count; index += 1) {
        watch.note({ queue: from, tenant: senders[index % senders.length] ?? '' })
      }
      await new Promise(setImmediate)
    },
  }
}

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

it('tries again after a failure', async () => {
  const { watch, broker, deliver, calls } = start({ [queue]: 50_000 })
  broker.count.mockRejectedValueOnce(new Error('the channel is lost'))
  await deliver(50, ['acme'])
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
  const { broker, deliver, calls, watch, ready } = start({ [queue]: 50_000 })
  broker.openBypass.mockRejectedValueOnce(new Error('the channel is lost'))
  await deliver(50, ['acme'])
  ready[queue] = 0
  await watch.look()
  expect(calls).toEqual(['close for 5'])
})

it('leaves queues of one tenant alone', async () => {
  const alone = bridgeQueues([topologyOf({ ...tenants[0], pool: 'own-acme' } as never)])
  expect(poolsByQueue(alone).size).toBe(0)
})
