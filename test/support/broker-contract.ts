import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BridgeQueue, bridgeQueues } from '../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../lib/bridge/message.ts'
import { deliveryCountOf } from '../../lib/bridge/order-of-suspicion.ts'
import { deliveryLimit, type Topology, topologyOf } from '../../lib/bridge/topology.ts'
import { eventually, newTenant } from './stack.ts'

/** A broker, real or not, and the ways to provoke it. */
export interface BrokerHarness {
  connect(): Promise<Broker>
  /** Ends the connection as the death of its process does. */
  cut(broker: Broker): void
  declare(topology: Topology): Promise<void>
  /** Publishes events to the tenant's exchange, and resolves when the broker has confirmed them. */
  publish(topology: Topology, bodies: readonly string[]): Promise<void>
  deleteQueue(name: string): Promise<void>
  stop(): Promise<void>
}

const type = 'task.create'

/** What the bridge takes for granted of a broker. */
export function describeBroker(name: string, start: () => Promise<BrokerHarness>): void {
  describe(name, () => {
    let harness: BrokerHarness
    beforeAll(async () => {
      harness = await start()
    })
    afterAll(() => harness.stop())

    /** A queue with so many messages, `1`, `2` and so on. */
    async function filled(count: number, wire: '1.0' | '2.0' = '1.0') {
      const own = topologyOf({ id: newTenant(), events: [type], locale: 'ru', cell: 'main' })
      const topology: Topology = { ...own, wire }
      const [queue] = bridgeQueues([topology]) as [BridgeQueue]
      await harness.declare(topology)
      await harness.publish(topology, numbers(1, count))
      const connected = await harness.connect()
      await eventually(
        () => connected.count(queue.name),
        (ready) => ready === count,
      )
      await connected.close()
      return { topology, queue }
    }

    async function take(queue: BridgeQueue, prefetch: number, on?: Broker, isBacklog = false) {
      const broker = on ?? (await harness.connect())
      const taken: IncomingMessage[] = []
      let gone = false
      const handlers = {
        onMessage: (message: IncomingMessage) => void taken.push(message),
        onGone() {
          gone = true
        },
      }
      const consumer = await broker.consume(queue, prefetch, handlers, isBacklog)
      return {
        broker,
        consumer,
        taken,
        isGone: () => gone,
        /** Waits until so many came, and says which. */
        came: async (count: number) => {
          const all = await eventually(
            async () => taken,
            ({ length }) => length >= count,
          )
          return all.map(bodyOf)
        },
      }
    }

    /** What is left for another consumer, with how often it came before. */
    async function restOf(queue: BridgeQueue, count: number) {
      const { came, taken, broker } = await take(queue, 100)
      await came(count)
      await idle(broker)
      await broker.close()
      return taken.map((message) => `${bodyOf(message)}×${deliveryCountOf(message)}`)
    }

    it('delivers in order, and no more than the prefetch before a message is settled', async () => {
      const { queue } = await filled(5)
      const { came, taken, broker } = await take(queue, 2)
      expect(await came(2)).toEqual(['1', '2'])
      await idle(broker)
      expect(taken).toHaveLength(2)
      taken[0]?.acknowledge()
      expect(await came(3)).toEqual(['1', '2', '3'])
      expect(taken.map(({ redelivered }) => redelivered)).toEqual([false, false, false])
      await broker.close()
    })

    it('deletes what was acknowledged before the connection was closed, and counts what waits', async () => {
      const { queue } = await filled(3)
      const { came, taken, broker } = await take(queue, 2)
      await came(2)
      for (const message of taken) message.acknowledge()
      await came(3)
      await broker.close()
      const other = await harness.connect()
      expect(
        await eventually(
          () => other.count(queue.name),
          (ready) => ready === 1,
        ),
      ).toBe(1)
      expect(await other.count('absent')).toBeUndefined()
      await other.close()
      expect(await restOf(queue, 1)).toEqual(['3×1'])
    })

    it.each(['closed', 'cut'])(
      'delivers what was unsettled first, as redelivered, when the connection is %s',
      async (how) => {
        const { queue } = await filled(5)
        const { came, broker } = await take(queue, 3)
        await came(3)
        if (how === 'cut') harness.cut(broker)
        else await broker.close()
        const { came: cameAgain, taken, broker: other } = await take(queue, 5)
        expect((await cameAgain(5)).toSorted()).toEqual(numbers(1, 5))
        const again = taken.filter(({ redelivered }) => redelivered).map(bodyOf)
        expect(again).toEqual(['1', '2', '3'])
        expect(taken.map(deliveryCountOf).toSorted()).toEqual([0, 0, 1, 1, 1])
        await other.close()
        expect(broker.lost.aborted).toBe(how === 'cut')
      },
    )

    it.each(['closed', 'cut'])(
      'delivers what was unsettled of a backlog again when the connection is %s',
      async (how) => {
        const { queue } = await filled(5)
        const usual = await take(queue, 1)
        await usual.came(1)
        const { broker } = usual
        const backlog = await take(queue, 3, broker, true)
        expect(await backlog.came(3)).toEqual(['2', '3', '4'])
        backlog.taken[0]?.acknowledge()
        expect(await backlog.came(4)).toEqual(['2', '3', '4', '5'])
        if (how === 'cut') harness.cut(broker)
        else await broker.close()
        expect((await restOf(queue, 4)).toSorted()).toEqual(['1×1', '3×1', '4×1', '5×1'])
        expect(broker.lost.aborted).toBe(how === 'cut')
      },
    )

    it('deletes nothing for a settlement after the connection was lost', async () => {
      const { queue } = await filled(1)
      const { came, taken, broker } = await take(queue, 1)
      await came(1)
      harness.cut(broker)
      await eventually(
        async () => broker.lost.aborted,
        (lost) => lost,
      )
      for (const message of taken) message.acknowledge()
      await broker.close()
      expect(await restOf(queue, 1)).toEqual(['1×1'])
    })

    it('delivers a requeued message again, counted, and before those that wait', async () => {
      const { queue } = await filled(4)
      const { came, taken, broker } = await take(queue, 2)
      await came(2)
      taken[0]?.requeue()
      expect(await came(3)).toEqual(['1', '2', '1'])
      expect(taken.map(deliveryCountOf)).toEqual([0, 0, 1])
      await broker.close()
      expect(await restOf(queue, 4)).toEqual(['2×1', '1×2', '3×0', '4×0'])
    })

    it('moves a rejected message to the dead-letter queue at once, unchanged', async () => {
      const { queue, topology } = await filled(2)
      const { came, taken, broker } = await take(queue, 1)
      await came(1)
      taken[0]?.deadLetter()
      expect(await came(2)).toEqual(['1', '2'])
      await broker.close()
      await expectDeadLetters(topology, 1)
      expect(await restOf(queue, 1)).toEqual(['2×1'])
    })

    it('dead-letters a message that came back once more often than its limit', async () => {
      const { queue, topology } = await filled(1)
      const { came, taken, broker } = await take(queue, 1)
      for (let time = 1; time <= deliveryLimit + 1; time += 1) {
        await came(time)
        taken.at(-1)?.requeue()
      }
      await expectDeadLetters(topology, 1)
      expect(taken.map(deliveryCountOf)).toEqual(numbers(0, deliveryLimit).map(Number))
      await broker.close()
    })

    it('lets a cancelled consumer settle what it has, and delivers it no more', async () => {
      const { queue } = await filled(4)
      const { came, taken, broker, consumer } = await take(queue, 2)
      await came(2)
      await consumer.cancel()
      for (const message of taken) message.acknowledge()
      await idle(broker)
      expect(taken).toHaveLength(2)
      await broker.close()
      expect(await restOf(queue, 2)).toEqual(['3×0', '4×0'])
    })

    it('stops all its consumers, which keep what they have', async () => {
      const { queue } = await filled(4)
      const broker = await harness.connect()
      const first = await take(queue, 1, broker)
      await first.came(1)
      const second = await take(queue, 1, broker, true)
      await second.came(1)
      await broker.stopConsuming()
      first.taken[0]?.acknowledge()
      await idle(broker)
      expect([...first.taken, ...second.taken].map(bodyOf)).toEqual(['1', '2'])
      await broker.close()
      expect(await restOf(queue, 3)).toEqual(['2×1', '3×0', '4×0'])
    })

    it('gives each message to one of competing consumers', async () => {
      const { queue } = await filled(6)
      const first = await take(queue, 3)
      await first.came(3)
      const second = await take(queue, 3)
      await second.came(3)
      expect([...first.taken, ...second.taken].map(bodyOf).toSorted()).toEqual(numbers(1, 6))
      await Promise.all([first.broker.close(), second.broker.close()])
    })

    it('has one active consumer of an ordered queue, and the next when that one is cancelled', async () => {
      const { queue } = await filled(4, '2.0')
      const first = await take(queue, 1)
      await first.came(1)
      const second = await take(queue, 1)
      await idle(second.broker)
      expect(second.taken).toEqual([])
      await first.consumer.cancel()
      first.taken[0]?.acknowledge()
      expect(await second.came(1)).toEqual(['2'])
      await Promise.all([first.broker.close(), second.broker.close()])
    })

    it('ends the connection of one that settles a message twice', async () => {
      const { queue } = await filled(2)
      const { came, taken, broker } = await take(queue, 2)
      await came(2)
      taken[0]?.requeue()
      taken[0]?.requeue()
      await eventually(
        async () => broker.lost.aborted,
        (lost) => lost,
      )
      expect(broker.lost.reason).toMatchObject({ code: 'broker-lost', retryable: true })
      await broker.close()
    })

    it('tells a consumer that its queue is gone', async () => {
      const { queue } = await filled(0)
      const { isGone, broker } = await take(queue, 1)
      await harness.deleteQueue(queue.name)
      await eventually(async () => isGone(), Boolean)
      expect(broker.lost.aborted).toBe(false)
      await broker.close()
    })

    async function expectDeadLetters({ deadLetterQueue }: Topology, count: number): Promise<void> {
      const broker = await harness.connect()
      await eventually(
        () => broker.count(deadLetterQueue),
        (ready) => ready === count,
      )
      await broker.close()
    }
  })
}

/** Whatever the broker had to say before it answered these came before the answer. */
async function idle(broker: Broker): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    await broker.count('absent')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function bodyOf({ body }: IncomingMessage): string {
  return Buffer.from(body).toString()
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}
