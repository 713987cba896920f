import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type BridgeQueue, bridgeQueues } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumerHandlers } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import { topologyOf } from '../../../../lib/bridge/topology.ts'
import { doneWithin, virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { visitQueues } = await import('../../../../lib/bridge/drain/visits.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const deliveryLimit = 20

/**
 * A quorum queue behind a slow channel: the broker assigns messages to a consumer at once and delivers
 * the first of them late. What it has not delivered when the consumer is cancelled, it takes back, and
 * counts that as a delivery.
 */
function slowBroker(messages: number, latency: number) {
  const [queue] = bridgeQueues([
    topologyOf({ id: 'acme', events: [], locale: 'ru', cell: 'main' }),
  ]) as [BridgeQueue]
  const ready = Array.from({ length: messages }, (_, id) => ({ id, deliveries: 0 }))
  const settled = new Set<number>()
  const deadLettered: number[] = []
  const takenBack: number[] = []
  const broker = {
    lost: new AbortController().signal,
    count: async () => ready.length,
    async consume(_queue: unknown, prefetch: number, handlers: QueueConsumerHandlers) {
      const assigned: typeof ready = []
      let unsettled = 0
      let cancelled = false
      const assign = () => {
        while (!cancelled && unsettled < prefetch && ready.length > 0) {
          unsettled += 1
          assigned.push(...ready.splice(0, 1))
        }
      }
      const deliver = async () => {
        for (let wait = latency; !cancelled; ) {
          await new Promise((resolve) => setTimeout(resolve, wait))
          const message = cancelled ? undefined : assigned.shift()
          wait = message === undefined ? 20 : 1
          if (message === undefined) continue
          const acknowledge = () => {
            settled.add(message.id)
            unsettled -= 1
            assign()
          }
          handlers.onMessage({
            tenant: 'acme',
            queue: queue.name,
            properties: {},
            redelivered: message.deliveries > 0,
            acknowledge,
          } as Partial<IncomingMessage> as IncomingMessage)
        }
      }
      assign()
      void deliver()
      return {
        async cancel() {
          cancelled = true
          for (const message of assigned) {
            message.deliveries += 1
            takenBack.push(message.id)
          }
          const [again, spent] = [true, false].map((fits) =>
            assigned.filter(({ deliveries }) => deliveries <= deliveryLimit === fits),
          )
          ready.unshift(...(again ?? []))
          deadLettered.push(...(spent ?? []).map(({ id }) => id))
        },
      }
    },
  } as Partial<Broker> as Broker

  async function drainAll(): Promise<void> {
    await visitQueues({
      broker,
      backlogs: [{ queue, ready: messages }],
      prefetch: 30,
      async settle(message) {
        await new Promise(setImmediate)
        message.acknowledge()
        return 'bridged'
      },
      onUntried: () => undefined,
      onGone: () => undefined,
      over: new AbortController().signal,
    })
  }
  return { drainAll, settled, deadLettered, takenBack, ready }
}

describe('a broker that delivers late', () => {
  it.each([220, 1_500])(
    'has all its messages taken, and none put back, after %d ms',
    async (latency) => {
      const { drainAll, settled, deadLettered, takenBack, ready } = slowBroker(100, latency)
      await doneWithin(30_000, drainAll(), jest)
      expect([settled.size, deadLettered, takenBack, ready]).toEqual([100, [], [], []])
    },
  )
})
