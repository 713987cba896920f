import { expect, it } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumer, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import { consumeQueue } from '../../../../lib/bridge/worker/queue-consumer.ts'
import type { EcosError } from '../../../../lib/errors.ts'

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
  expect(await consumer.resize(800)).toBe(true)
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

/** A consumer of which the test sees what happens at the broker, and settles each message. */
async function start(wire: '1.0' | '2.0' = '1.0') {
  const happened: string[] = []
  const over = new AbortController()
  const handlers: QueueConsumerHandlers[] = []
  const cancelling: Promise<void>[] = []
  const broker = {
    async consume(_queue: BridgeQueue, prefetch: number, given: QueueConsumerHandlers) {
      happened.push(`consume ${prefetch}`)
      handlers.push(given)
      return {
        async cancel() {
          happened.push(`cancel ${prefetch}`)
          await cancelling.shift()
          happened.push(`cancelled ${prefetch}`)
        },
      }
    },
  } as Partial<Broker> as Broker
  const queue = { name: 'tenant.acme.eventbridge', wire } as BridgeQueue
  const out: PromiseWithResolvers<Fate>[] = []
  const settle = () => {
    const one = Promise.withResolvers<Fate>()
    out.push(one)
    return one.promise
  }
  const consumer = await consumeQueue(broker, queue, 10, settle, over.signal)
  let ended: EcosError | undefined
  consumer.ended.catch((error: EcosError) => {
    ended = error
  })
  return {
    consumer,
    happened,
    over,
    cancelling,
    ended: () => ended,
    gone: () => handlers[0]?.onGone(),
    deliver(requeue = () => void happened.push('requeued')) {
      handlers[0]?.onMessage({ requeue } as Partial<IncomingMessage> as IncomingMessage)
    },
    async settle(fate: Fate) {
      out.shift()?.resolve(fate)
      await new Promise(setImmediate)
    },
  }
}

it('tells when its queue is gone', async () => {
  const { consumer, gone, ended } = await start()
  gone()
  await expect(consumer.ended).rejects.toMatchObject({ code: 'queue-gone', retryable: true })
  expect(ended()?.message).toContain('tenant.acme.eventbridge')
})

it('a message that could not be stored goes back when its consumers have ended, which is told', async () => {
  const { consumer, happened, deliver, settle, ended, cancelling } = await start()
  await consumer.resize(30)
  const { promise, resolve } = Promise.withResolvers<void>()
  cancelling.push(promise)
  deliver()
  await settle('returned')
  // The broker would deliver it again at once.
  expect(happened.splice(0)).toEqual([
    ...['consume 10', 'consume 20', 'cancel 10', 'cancel 20', 'cancelled 20'],
  ])
  expect(ended()).toBeUndefined()
  resolve()
  await new Promise(setImmediate)
  expect(happened).toEqual(['cancelled 10', 'requeued'])
  expect(ended()).toMatchObject({ code: 'store-unavailable', retryable: true })
})

it('a message is left to the broker where the channel is lost, which is told as well', async () => {
  const { happened, deliver, settle, ended, cancelling } = await start()
  cancelling.push(Promise.reject(new Error('the channel is closed')))
  deliver()
  await settle('returned')
  expect(happened).toEqual(['consume 10', 'cancel 10'])
  expect(ended()).toMatchObject({ code: 'store-unavailable' })
})

it('what comes back at the end of the session is the broker’s, and what is settled goes nowhere', async () => {
  const { happened, deliver, settle, over, ended } = await start()
  deliver()
  await settle('quarantined')
  over.abort()
  deliver()
  await settle('returned')
  expect([happened, ended()]).toEqual([['consume 10'], undefined])
})

it('is cancelled once, and takes no other share after that', async () => {
  const { consumer, happened } = await start()
  await Promise.all([consumer.cancel(), consumer.cancel()])
  expect([await consumer.resize(30), await consumer.resize(5)]).toEqual([false, false])
  expect(happened).toEqual(['consume 10', 'cancel 10', 'cancelled 10'])
})

it('is cancelled only when the consumers are that a smaller share had no need of', async () => {
  const { consumer, happened, cancelling } = await start()
  await consumer.resize(30)
  const { promise, resolve } = Promise.withResolvers<void>()
  cancelling.push(promise)
  const shrinking = consumer.resize(10)
  await new Promise(setImmediate)
  let cancelled = false
  const cancel = consumer.cancel().then(() => {
    cancelled = true
  })
  await new Promise(setImmediate)
  expect([cancelled, happened.includes('cancelled 10')]).toEqual([false, true])
  resolve()
  await cancel
  expect(await shrinking).toBe(true)
})

it('has the share that it has: nothing changes', async () => {
  const { consumer, happened } = await start()
  expect(await consumer.resize(10)).toBe(false)
  expect(happened).toEqual(['consume 10'])
  expect(consumer.takeShare()).toMatchObject({ prefetch: 10 })
})

it('a smaller first consumer that comes after the end is cancelled', async () => {
  const { consumer, happened } = await start()
  const shrinking = consumer.resize(5)
  const cancelled = consumer.cancel()
  expect(await shrinking).toBe(false)
  await cancelled
  expect(happened.filter((each) => each.startsWith('cancelled')).toSorted()).toEqual([
    ...['cancelled 10', 'cancelled 5'],
  ])
})

it('an ordered queue is no backlog, however full its share is', async () => {
  const { consumer, deliver } = await start('2.0')
  for (let each = 0; each < 10; each += 1) deliver()
  expect(consumer.takeShare()).toMatchObject({ busy: false, inUse: true })
})
