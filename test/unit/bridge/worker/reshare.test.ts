import { expect, it } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import { consumeQueue } from '../../../../lib/bridge/worker/queue-consumer.ts'
import { reshare } from '../../../../lib/bridge/worker/reshare.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'

it('a backlog grows although queues of before many tenants came have more than an idle share now', async () => {
  const over = new AbortController()
  const grown = Promise.withResolvers<number>()
  const broker = {
    async consume(
      { name }: BridgeQueue,
      prefetch: number,
      { onMessage }: QueueConsumerHandlers,
      isBacklog?: boolean,
    ) {
      if (isBacklog) grown.resolve(prefetch)
      if (name !== 'flooded') return { cancel: async () => undefined }
      for (let taken = 0; taken < prefetch; taken += 1) onMessage({} as IncomingMessage)
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
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
