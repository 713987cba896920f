import { expect, it } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumer, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import { consumeQueue } from '../../../../lib/bridge/worker/queue-consumer.ts'

it('a consumer that is cancelled while it grows leaves none behind', async () => {
  const consuming = new Set<QueueConsumer>()
  const grown = Promise.withResolvers<void>()
  const broker = {
    async consume(_queue: BridgeQueue, prefetch: number) {
      if (prefetch !== 10) await grown.promise
      const consumer = { cancel: async () => void consuming.delete(consumer) }
      consuming.add(consumer)
      return consumer
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'tenant.acme.eventbridge', wire: '1.0' } as BridgeQueue
  const settle = async () => 'bridged' as const
  const consumer = await consumeQueue(broker, queue, 10, settle, new AbortController().signal)
  const growing = consumer.resize(30)
  const cancelled = consumer.cancel()
  grown.resolve()
  await Promise.all([growing, cancelled])
  expect(consuming.size).toBe(0)
})

it('takes what it grows by as a backlog, which does not stand before the messages of other queues', async () => {
  const taken: [number, boolean | undefined][] = []
  const broker = {
    async consume(_queue: BridgeQueue, prefetch: number, _handlers: object, isBacklog?: boolean) {
      taken.push([prefetch, isBacklog])
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'tenant.acme.eventbridge', wire: '1.0' } as BridgeQueue
  const settle = async () => 'bridged' as const
  const consumer = await consumeQueue(broker, queue, 10, settle, new AbortController().signal)
  await consumer.resize(30)
  expect(taken).toEqual([
    [10, false],
    [20, true],
  ])
})

it('replaces its first consumer by one that has less, where its share is smaller than that one', async () => {
  const consuming: number[] = []
  const broker = {
    async consume(_queue: BridgeQueue, prefetch: number) {
      consuming.push(prefetch)
      return { cancel: async () => void consuming.splice(consuming.indexOf(prefetch), 1) }
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'tenant.acme.eventbridge', wire: '1.0' } as BridgeQueue
  const { signal } = new AbortController()
  const consumer = await consumeQueue(broker, queue, 500, async () => 'bridged', signal)
  await consumer.resize(800)
  expect(consuming).toEqual([500, 300])
  expect(consumer.takeShare()).toMatchObject({ prefetch: 800, least: 1 })
  expect(await consumer.resize(20)).toBe(true)
  expect(consuming).toEqual([20])
  expect(consumer.takeShare().prefetch).toBe(20)
  await consumer.resize(50)
  expect(consuming).toEqual([20, 30])
  await consumer.cancel()
  expect(consuming).toEqual([])
})

it('an ordered queue keeps its one consumer', async () => {
  const broker = {
    consume: async () => ({ cancel: async () => undefined }),
  } as Partial<Broker> as Broker
  const queue = { name: 'event.main', wire: '2.0' } as BridgeQueue
  const { signal } = new AbortController()
  const consumer = await consumeQueue(broker, queue, 20, async () => 'bridged', signal)
  expect(consumer.takeShare()).toMatchObject({ prefetch: 20, least: 20 })
})

it('has no more out by shrinking and growing while its messages wait for a store', async () => {
  let out = 0
  const broker = {
    async consume(_queue: BridgeQueue, prefetch: number, { onMessage }: QueueConsumerHandlers) {
      for (let taken = 0; taken < prefetch; taken += 1) onMessage({} as IncomingMessage)
      out += prefetch
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'tenant.acme.eventbridge', wire: '1.0' } as BridgeQueue
  const { signal } = new AbortController()
  const { promise: held } = Promise.withResolvers<'bridged'>()
  const consumer = await consumeQueue(broker, queue, 50, () => held, signal)
  for (let times = 0; times < 20; times += 1) {
    await consumer.resize(600)
    await consumer.resize(200)
  }
  expect(out).toBe(600)
  expect(await consumer.resize(600)).toBe(false)
})

it('a queue is in use from a message on until a minute has passed without one', async () => {
  let deliver: QueueConsumerHandlers['onMessage'] = () => undefined
  const broker = {
    async consume(_queue: BridgeQueue, _prefetch: number, handlers: QueueConsumerHandlers) {
      deliver = handlers.onMessage
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'cell.main.p01.bypass', wire: '1.0' } as BridgeQueue
  const { signal } = new AbortController()
  const { takeShare } = await consumeQueue(broker, queue, 10, async () => 'bridged', signal)
  expect(takeShare()).toMatchObject({ busy: false, inUse: false })
  deliver({} as IncomingMessage)
  await new Promise(setImmediate)
  expect(takeShare().inUse).toBe(true)
  const looks = Array.from({ length: 300 }, () => takeShare().inUse)
  expect(looks.slice(0, 299)).not.toContain(false)
  expect(looks[299]).toBe(false)
})

/** A consumer with a prefetch of four, its messages, and how one of them is settled. */
async function consumerOfFour() {
  let deliver: QueueConsumerHandlers['onMessage'] = () => undefined
  const broker = {
    async consume(_queue: BridgeQueue, _prefetch: number, handlers: QueueConsumerHandlers) {
      deliver = handlers.onMessage
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'cell.main.p01', wire: '1.0' } as BridgeQueue
  const { signal } = new AbortController()
  const out: ((fate: 'bridged') => void)[] = []
  const settle = () => new Promise<'bridged'>((resolve) => void out.push(resolve))
  const { takeShare } = await consumeQueue(broker, queue, 4, settle, signal)
  return {
    isBusy: () => takeShare().busy,
    deliver(count: number) {
      for (let taken = 0; taken < count; taken += 1) deliver({} as IncomingMessage)
    },
    async settle(count: number) {
      for (const resolve of out.splice(0, count)) resolve('bridged')
      await new Promise(setImmediate)
    },
  }
}

it('a queue is a backlog for ten looks, from one on that found its share full, while half of it is used', async () => {
  const { isBusy, deliver, settle } = await consumerOfFour()
  expect(isBusy()).toBe(false)
  deliver(3)
  expect(isBusy()).toBe(false)
  deliver(1)
  const looks = [isBusy()]
  await settle(4)
  looks.push(isBusy())
  while (looks.length < 11) {
    deliver(2)
    looks.push(isBusy())
    await settle(2)
  }
  expect(looks.slice(0, 10)).not.toContain(false)
  expect(looks[10]).toBe(false)
})

it('a burst that is over is no backlog, nor are the single events that follow it', async () => {
  for (const following of [0, 1]) {
    const { isBusy, deliver, settle } = await consumerOfFour()
    deliver(4)
    expect(isBusy()).toBe(true)
    await settle(4)
    isBusy()
    deliver(following)
    await settle(following)
    expect(isBusy()).toBe(false)
  }
})
