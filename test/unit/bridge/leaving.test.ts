import { expect, it, jest } from '@jest/globals'
import type { Broker } from '../../../lib/bridge/broker.ts'
import { createDeclare, type QueueMemory } from '../../../lib/bridge/declaring.ts'
import { createLetGo } from '../../../lib/bridge/leaving.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

const acme: Tenant = { id: 'acme', events: ['task.create'], locale: 'ru', cell: 'main' }
const topology = topologyOf(acme)

/** A broker with so many messages in the queue, and one dead letter, that tells what it was asked. */
function setUp(messages: number | undefined) {
  const asked: string[] = []
  const state = { messages }
  const broker = {
    address: 'broker:5672/',
    async declare() {
      asked.push('declare')
      state.messages ??= 0
      return state.messages
    },
    async unbind() {
      asked.push('unbind')
    },
    count: async (queue: string) => (queue === topology.queue ? state.messages : 1),
  } as unknown as Broker
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const memory: QueueMemory = new Map()
  const declare = createDeclare(undefined, memory)
  return { broker, asked, state, log, declare, letGo: createLetGo(log, memory) }
}

it('unbinds once, and says once what stays when the queue is empty', async () => {
  const { broker, asked, state, log, letGo } = setUp(3)
  expect(await letGo(broker, topology)).toBe(3)
  state.messages = 1
  expect(await letGo(broker, topology)).toBe(1)
  expect(log.info).not.toHaveBeenCalled()
  state.messages = 0
  expect([await letGo(broker, topology), await letGo(broker, topology)]).toEqual([0, 0])
  expect(asked).toEqual(['unbind'])
  expect(log.info).toHaveBeenCalledTimes(1)
  expect(log.info.mock.calls[0]?.[1]).toEqual({
    tenant: 'acme',
    queue: topology.queue,
    deadLetterQueue: topology.deadLetterQueue,
    deadLetters: 1,
  })
})

it('is not drained while messages of the queue are on their way to the bus', async () => {
  const { broker, log, letGo } = setUp(0)
  await letGo(broker, topology, () => false)
  expect(log.info).not.toHaveBeenCalled()
  await letGo(broker, topology, () => true)
  expect(log.info).toHaveBeenCalledTimes(1)
})

it('is not drained while its pool, or the bypass of it, has messages', async () => {
  const pooled = topologyOf({ ...acme, pool: 'p00' })
  const ready: Record<string, number> = { [pooled.queue]: 0, [pooled.bypass?.queue ?? '']: 2 }
  const deadLetters = { [pooled.deadLetterQueue]: 1, [pooled.bypass?.deadLetterQueue ?? '']: 3 }
  const { broker, log, letGo } = setUp(0)
  broker.count = async (queue) => ({ ...ready, ...deadLetters })[queue]
  expect(await letGo(broker, pooled)).toBe(0)
  expect(log.info).not.toHaveBeenCalled()
  for (const queue of Object.keys(ready)) ready[queue] = 0
  await letGo(broker, pooled)
  expect(log.info.mock.calls[0]?.[1]).toMatchObject({ queue: pooled.queue, deadLetters: 4 })
})

it('leaves a broker alone that has no such queue', async () => {
  const { broker, asked, letGo } = setUp(undefined)
  expect(await letGo(broker, topology)).toBeUndefined()
  expect(asked).toEqual([])
})

it('binds a tenant again that comes back, and unbinds it again when it goes again', async () => {
  const { broker, asked, declare, letGo } = setUp(0)
  await declare(broker, topology)
  await letGo(broker, topology)
  await declare(broker, topology)
  await letGo(broker, topology)
  expect(asked).toEqual(['declare', 'unbind', 'declare', 'unbind'])
})
