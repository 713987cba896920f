import { expect, it } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { boxesOf } from '../../../bin/commands/dlq-queues.ts'
import { brokerLetters } from '../../../lib/amqp/letter-boxes.ts'
import { type BridgeQueue, bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import { formerQueues } from '../../../lib/bridge/change-over.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import { lookAt } from '../../../lib/operations/dead-letters.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const ids = Array.from({ length: 1000 }, (_, at) => `tenant-${at}`)
const tenants = parseTenants(
  JSON.stringify({ tenants: Object.fromEntries(ids.map((id) => [id, {}])) }),
  'tenants.yml',
)
const own = bridgeQueues(tenants.map(topologyOf))
const former = formerQueues(tenants, 16)

/** A broker with so many messages in queues. It closes a channel on which it is asked for another queue. */
function brokerOf(queues: ReadonlyMap<string, number>) {
  const asked: string[] = []
  const calls = { opened: 0, closed: 0 }
  const createChannel = async () => {
    calls.opened += 1
    let isOpen = true
    return {
      on: () => undefined,
      async checkQueue(queue: string) {
        if (!isOpen) throw new Error('Channel closed')
        asked.push(queue)
        const messageCount = queues.get(queue)
        if (messageCount !== undefined) return { queue, messageCount, consumerCount: 0 }
        isOpen = false
        throw Object.assign(new Error('NOT_FOUND'), { code: 404 })
      },
      async close() {
        calls.closed += 1
        isOpen = false
      },
    }
  }
  return { connection: { createChannel } as unknown as ChannelModel, asked, calls }
}

it('asks the broker once for each queue of many tenants, over few channels', async () => {
  const there = new Map(own.map(({ deadLetterQueue }) => [deadLetterQueue, 0]))
  const { connection, asked, calls } = brokerOf(there)
  const boxes = await boxesOf({ current: own, former }, brokerLetters(connection).box)
  expect(boxes.map(({ name }) => name)).toEqual([...there.keys()])
  const looks = boxes.map((box) => lookAt(box, {}, async () => undefined, { limit: 10 }))
  expect((await Promise.all(looks)).flatMap(({ letters }) => letters)).toEqual([])
  expect(asked).toHaveLength(new Set(asked).size)
  // The broker closes a channel for each queue that is not there.
  expect(calls.opened).toBeLessThanOrEqual(former.length + 16)
})

it('counts a queue anew when it is looked at again', async () => {
  const [queue] = own as [BridgeQueue]
  const counts = new Map([[queue.deadLetterQueue, 2]])
  const box = await brokerLetters(brokerOf(counts).connection).box(queue)
  counts.set(queue.deadLetterQueue, 3)
  expect([await box?.depth(), await box?.depth(), await box?.depth()]).toEqual([2, 3, 3])
  counts.delete(queue.deadLetterQueue)
  expect(await box?.depth()).toBe(0)
})
