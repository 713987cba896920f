import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import type { ElasticConsumer } from '../../../../lib/bridge/worker/queue-consumer.ts'
import { idleShare, type Share } from '../../../../lib/bridge/worker/shares.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { consumeQueue } = await import('../../../../lib/bridge/worker/queue-consumer.ts')
const { reshare } = await import('../../../../lib/bridge/worker/reshare.ts')
const { createStatus } = await import('../../../../lib/bridge/worker/status.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const consuming = (consume: Broker['consume']) => ({ consume }) as Partial<Broker> as Broker

it('a backlog grows although queues of before many tenants came have more than an idle share now', async () => {
  const over = new AbortController()
  const grown = Promise.withResolvers<number>()
  const broker = consuming(async ({ name }, prefetch, { onMessage }, isBacklog) => {
    if (isBacklog) grown.resolve(prefetch)
    if (name !== 'flooded') return { cancel: async () => undefined }
    for (let taken = 0; taken < prefetch; taken += 1) onMessage({} as IncomingMessage)
    return { cancel: async () => undefined }
  })
  const { promise: held, resolve: settle } = Promise.withResolvers<Fate>()
  const consume = (name: string) =>
    consumeQueue(broker, { name, wire: '1.0' } as BridgeQueue, 64, async () => held, over.signal)
  const consumers = await Promise.all(['one', 'two', 'three', 'four', 'flooded'].map(consume))
  const sharing = reshare(
    new Set(consumers),
    () => 3_000,
    () => 300,
    () => 0,
    createStatus(),
    over.signal,
  )
  await jest.advanceTimersByTimeAsync(200)
  expect(await grown.promise).toBeGreaterThan(1_000)
  over.abort()
  settle('bridged')
  await sharing
})

it('a backlog grows at once although each of many tenants that came one by one has more than its part, which shrinks', async () => {
  const over = new AbortController()
  const total = 1_152
  let rounds = 0
  const prefetches = new Map<string, number[]>()
  const broker = consuming(async ({ name }, prefetch, { onMessage }, isBacklog) => {
    const of = prefetches.get(name) ?? []
    prefetches.set(name, of)
    of.push(prefetch)
    if (isBacklog) over.abort()
    const length = name === 'flooded' ? prefetch : 0
    for (let taken = 0; taken < length; taken += 1) onMessage({} as IncomingMessage)
    return { cancel: async () => void of.splice(of.indexOf(prefetch), 1) }
  })
  const { promise: held, resolve: settle } = Promise.withResolvers<Fate>()
  const names = [...Array.from({ length: 49 }, (_, index) => `idle-${index}`), 'flooded']
  const consumers = await Promise.all(
    names.map((name, index) => {
      const queue = { name, wire: '1.0' } as BridgeQueue
      return consumeQueue(broker, queue, idleShare(total, index + 1), async () => held, over.signal)
    }),
  )
  const sharing = reshare(
    new Set(consumers),
    () => {
      // Enough for a share that grows in any of them.
      rounds += 1
      if (rounds > 3) over.abort()
      return total
    },
    () => names.length,
    () => 0,
    createStatus(),
    over.signal,
  )
  await jest.advanceTimersByTimeAsync(1_000)
  await sharing
  settle('bridged')
  const sum = (of: readonly number[] = []) => of.reduce((sum, prefetch) => sum + prefetch, 0)
  expect(sum(prefetches.get('flooded'))).toBeGreaterThan(total / 2)
  // The first round has three more turns, for those that have most.
  expect(names.slice(0, 4).map((name) => sum(prefetches.get(name)))).toEqual([11, 11, 11, 144])
})

/** A consumer with this share; its changes are in `resized`. */
function consumerOf(name: string, share: Partial<Share>, resized: string[], isChanged = true) {
  const state: Share = { prefetch: 100, least: 1, busy: false, inUse: true, ...share }
  const consumer: Partial<ElasticConsumer> = {
    takeShare: () => state,
    async resize(to) {
      resized.push(`${name} ${to}`)
      if (name === 'lost') throw new Error('the connection is lost')
      return isChanged
    },
  }
  return consumer as ElasticConsumer
}

/** Reshares among these, until the test is over. */
function share(consumers: readonly ElasticConsumer[], total: number) {
  const status = createStatus()
  const over = new AbortController()
  const sharing = reshare(
    new Set(consumers),
    () => total,
    () => consumers.length,
    () => 1_000,
    status,
    over.signal,
  )
  const stop = async () => {
    over.abort()
    await sharing
  }
  return { status, over, stop }
}

it('changes shares five times a second, of those alone for which it is worthwhile', async () => {
  const resized: string[] = []
  const consumers = [
    consumerOf('busy', { busy: true }, resized),
    consumerOf('busy too', { prefetch: 400, busy: true }, resized),
    consumerOf('idle', {}, resized),
  ]
  const { stop } = share(consumers, 1_000)
  await jest.advanceTimersByTimeAsync(199)
  expect(resized).toEqual([])
  await jest.advanceTimersByTimeAsync(1)
  // The idle one keeps its 100; 450 instead of 400 are not worth a new consumer.
  expect(resized).toEqual(['busy 450'])
  await jest.advanceTimersByTimeAsync(200)
  expect(resized).toEqual(['busy 450', 'busy 450'])
  await stop()
  await jest.advanceTimersByTimeAsync(1_000)
  expect(resized).toHaveLength(2)
})

it('changes nothing while the bus fails', async () => {
  const resized: string[] = []
  const { status, stop } = share([consumerOf('busy', { busy: true }, resized)], 1_000)
  status.bus = { accepting: false }
  await jest.advanceTimersByTimeAsync(1_000)
  expect(resized).toEqual([])
  status.bus = { accepting: true }
  await jest.advanceTimersByTimeAsync(200)
  expect(resized).toEqual(['busy 1000'])
  await stop()
})

it('makes four changes in a round: the shares that shrink most, and last the backlog that grows', async () => {
  const resized: string[] = []
  const idle = [200, 400, 300, 500, 100].map((prefetch) =>
    consumerOf(`of ${prefetch}`, { prefetch }, resized),
  )
  const { stop } = share([consumerOf('busy', { prefetch: 10, busy: true }, resized), ...idle], 240)
  await jest.advanceTimersByTimeAsync(200)
  expect(resized).toEqual(['of 500 20', 'of 400 20', 'of 300 20', 'busy 140'])
  await stop()
})

it('makes four changes in a round where all shrink or all grow, those with the least growth first', async () => {
  const resized: string[] = []
  const prefetches = [10, 30, 20, 50, 40]
  const consumers = prefetches.map((prefetch) =>
    consumerOf(`of ${prefetch}`, { prefetch, busy: true }, resized),
  )
  const growing = share(consumers, 500)
  await jest.advanceTimersByTimeAsync(200)
  await growing.stop()
  expect(resized.splice(0)).toEqual(['of 50 100', 'of 40 100', 'of 30 100', 'of 20 100'])
  const shrinking = share(consumers, 25)
  await jest.advanceTimersByTimeAsync(200)
  await shrinking.stop()
  expect(resized).toEqual(['of 50 5', 'of 40 5', 'of 30 5', 'of 20 5'])
})

it('counts a change that fails, but not one of which nothing came', async () => {
  const resized: string[] = []
  const of = (name: string, isChanged: boolean) =>
    consumerOf(name, { prefetch: 10, busy: true }, resized, isChanged)
  const consumers = [of('lost', true), of('as it was', false)]
  const more = ['a', 'b', 'c', 'd'].map((name) => of(name, true))
  const { stop } = share([...consumers, ...more], 600)
  await jest.advanceTimersByTimeAsync(200)
  expect(resized).toEqual(['lost 100', 'as it was 100', 'a 100', 'b 100', 'c 100'])
  await stop()
})

it('changes nothing more once it is over', async () => {
  const resized: string[] = []
  const { over, stop } = share(
    ['a', 'b'].map((name) => ({
      ...consumerOf(name, { prefetch: 10, busy: true }, resized),
      async resize(to: number) {
        resized.push(`${name} ${to}`)
        over.abort()
        return true
      },
    })),
    600,
  )
  await jest.advanceTimersByTimeAsync(200)
  expect(resized).toEqual(['a 300'])
  await stop()
})
