import { expect, it } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import { consumeQueue } from '../../../../lib/bridge/worker/queue-consumer.ts'
import { reshare } from '../../../../lib/bridge/worker/reshare.ts'
import { idleShare } from '../../../../lib/bridge/worker/shares.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'

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
  await reshare(
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
  settle('bridged')
  const sum = (of: readonly number[] = []) => of.reduce((sum, prefetch) => sum + prefetch, 0)
  expect(sum(prefetches.get('flooded'))).toBeGreaterThan(total / 2)
  // The first round has three more turns, for those that have most.
  expect(names.slice(0, 4).map((name) => sum(prefetches.get(name)))).toEqual([11, 11, 11, 144])
})
