import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bridgeQueues } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import { visitQueues } from '../../../../lib/bridge/drain/visits.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import { topologyOf } from '../../../../lib/bridge/topology.ts'

interface MemoryConsumer extends QueueConsumerHandlers {
  readonly queue: string
  room: number
}

/**
 * A broker whose queues hold so many messages each, and which keeps to each consumer's prefetch.
 *
 * @param counted what had been counted in each queue before others took from it
 */
function setUp(ready: readonly number[], counted = ready) {
  const queues = bridgeQueues(
    ready.map((_, index) =>
      topologyOf({ id: `t${index}`, events: [], locale: 'ru', cell: 'main' }),
    ),
  )
  const left = new Map(queues.map(({ name }, index) => [name, ready[index] as number]))
  const consumers = new Set<MemoryConsumer>()
  const delivered: string[] = []
  const seen = { out: 0, mostOut: 0 }

  const broker = {
    lost: new AbortController().signal,
    count: async (queue: string) => left.get(queue),
    async consume({ name: queue }, prefetch, handlers) {
      await turn()
      const consumer: MemoryConsumer = { queue, room: prefetch, ...handlers }
      consumers.add(consumer)
      deliver(consumer)
      return {
        async cancel() {
          await turn()
          consumers.delete(consumer)
        },
      }
    },
  } as Partial<Broker> as Broker

  function deliver(consumer: MemoryConsumer): void {
    const { queue } = consumer
    while (consumers.has(consumer) && consumer.room > 0 && (left.get(queue) ?? 0) > 0) {
      left.set(queue, (left.get(queue) ?? 0) - 1)
      consumer.room -= 1
      seen.out += 1
      seen.mostOut = Math.max(seen.mostOut, seen.out)
      delivered.push(queue)
      const acknowledge = () => {
        seen.out -= 1
        consumer.room += 1
        deliver(consumer)
      }
      consumer.onMessage({
        queue,
        properties: {},
        redelivered: false,
        acknowledge,
      } as Partial<IncomingMessage> as IncomingMessage)
    }
  }

  function drainAll(
    prefetch: number,
    options: { unsettled?: string; over?: AbortSignal } = {},
  ): Promise<void> {
    return visitQueues({
      broker,
      backlogs: queues.map((queue, index) => ({
        queue,
        ready: counted[index] as number,
      })),
      prefetch,
      async settle(message) {
        await turn()
        if (message.queue === options.unsettled) return 'returned'
        message.acknowledge()
        return 'bridged'
      },
      onUntried: () => undefined,
      onGone: () => undefined,
      over: options.over ?? new AbortController().signal,
    })
  }
  return { drainAll, delivered, seen, left }
}

describe('visitQueues', () => {
  it('empties every queue, and never has more out than the prefetch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(150), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 5, max: 200 }),
        async (ready, prefetch) => {
          const { drainAll, seen, left, delivered } = setUp(ready)
          await drainAll(prefetch)
          expect([...left.values()].every((count) => count === 0)).toBe(true)
          expect(delivered).toHaveLength(ready.reduce((sum, count) => sum + count, 0))
          expect(seen.mostOut).toBeLessThanOrEqual(prefetch)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('ends where others have taken what was counted', async () => {
    const { drainAll, delivered } = setUp([300, 0, 7], [1_000, 500, 7])
    await drainAll(100)
    expect(delivered).toHaveLength(307)
  })

  it('has those with little waiting pass a backlog', async () => {
    const { drainAll, delivered } = setUp([5_000, 1, 5_000, 2])
    await drainAll(40)
    const small = ['tenant.t1.eventbridge', 'tenant.t3.eventbridge']
    expect(Math.max(...small.map((queue) => delivered.indexOf(queue)))).toBeLessThan(5)
  })

  it('ends the turn of a backlog for those that wait', async () => {
    const { drainAll, delivered } = setUp(Array.from({ length: 8 }, () => 3_000))
    await drainAll(20)
    const firstOfAll = [...new Set(delivered)].map((queue) => delivered.indexOf(queue))
    expect(firstOfAll).toHaveLength(8)
    expect(Math.max(...firstOfAll)).toBeLessThan(8 * 150)
  })

  it('lends nobody the room of a message that is out and not settled', async () => {
    const { drainAll, seen, left } = setUp([5, 40])
    const over = AbortSignal.timeout(5_000)
    await drainAll(12, { unsettled: 'tenant.t0.eventbridge', over })
    expect([...left.values()]).toEqual([0, 0])
    expect(seen).toMatchObject({ out: 5 })
    expect(seen.mostOut).toBeLessThanOrEqual(12)
  })
})
