import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { type ChannelPool, createChannelPool } from '../../lib/amqp/channel-pool.ts'
import { open } from '../../lib/amqp/connection.ts'
import { brokerLetters } from '../../lib/amqp/letter-boxes.ts'
import { connectMigration } from '../../lib/amqp/migration.ts'
import { countOf } from '../../lib/amqp/queue-counts.ts'
import { type BridgeQueue, bridgeQueues } from '../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../lib/bridge/message.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { unbindTenant } from '../../lib/bridge/unbind.ts'
import { eventually, newTenant, onChannel, runningStack } from '../support/stack.ts'

const { amqpUrl } = runningStack()

let connection: ChannelModel
let onPool: ChannelPool
let broker: Broker
let tenant: string
beforeAll(async () => {
  connection = await open(amqpUrl)
  onPool = createChannelPool(connection)
  broker = await connectBroker(amqpUrl)
})
beforeEach(() => {
  tenant = newTenant()
})
afterAll(async () => {
  await connection.close()
  await broker.close()
})

const bridgeQueue = () => bridgeQueues([topology()])[0] as BridgeQueue
const topology = () => topologyOf({ id: tenant, events: [], locale: 'ru', cell: 'main' })

/** A queue that its connection keeps for itself: the broker lets nobody else ask after it. */
async function lockedQueue(name: string): Promise<() => Promise<void>> {
  const owner = await open(amqpUrl)
  const channel = await owner.createChannel()
  await channel.assertQueue(name, { exclusive: true })
  return () => owner.close()
}

describe('what the broker refuses', () => {
  it('is not taken for a queue that is not there', async () => {
    const { queue } = topology()
    const release = await lockedQueue(queue)
    await expect(countOf(onPool, queue)).rejects.toThrow('RESOURCE_LOCKED')
    await expect(unbindTenant(broker, tenant, true)).rejects.toThrow('RESOURCE_LOCKED')
    await release()
    expect(await countOf(onPool, queue)).toBeUndefined()
  })

  it('says that there is nothing to unbind, where a tenant is misspelt', async () => {
    const { queue } = topology()
    expect(await unbindTenant(broker, tenant, false)).toMatchObject([{ queue, outcome: 'absent' }])
    await broker.declare(topology())
    expect(await unbindTenant(broker, tenant, false)).toEqual([])
  })

  it('says of an exchange and of a queue that differ what to do', async () => {
    const { exchange, queue } = topology()
    await onChannel(amqpUrl, (channel) =>
      channel.assertExchange(exchange, 'fanout', { durable: true }),
    )
    await expect(broker.declare(topology())).rejects.toMatchObject({ code: 'queue-differs' })
    await onChannel(amqpUrl, (channel) => channel.deleteExchange(exchange))
    const release = await lockedQueue(queue)
    await expect(broker.declare(topology())).rejects.toMatchObject({
      code: 'not-declared',
      message: expect.not.stringContaining('delete it'),
    })
    await release()
  })

  it('ends no process: a dead-letter queue that is deleted while it is looked at', async () => {
    await broker.declare(topology())
    const { deadLetterQueue } = topology()
    const box = await brokerLetters(connection).box(bridgeQueue())
    await onChannel(amqpUrl, (channel) => channel.deleteQueue(deadLetterQueue))
    await expect(box?.take(1).next()).rejects.toThrow('NOT_FOUND')
    await broker.declare(topology())
    expect(await box?.take(1).next()).toMatchObject({ done: true })
  })

  it('leaves no connection of a migration behind that lost a channel', async () => {
    const { queue } = topology()
    await broker.declare(topology())
    const migration = await connectMigration(amqpUrl)
    await migration.consume({ tenant, queue, exclusive: true, prefetch: 1 }, () => undefined)
    const message = {
      ...{ tenant, queue, exchange: '', routingKey: 'task.create', redelivered: false },
      ...{ properties: {}, body: Buffer.from('{}') },
    }
    await expect(migration.publish(`${tenant}.absent`, message)).rejects.toMatchObject({
      code: 'not-confirmed',
    })
    expect(migration.lost.aborted).toBe(true)
    await migration.close()
    const consumers = () =>
      onChannel(amqpUrl, async (channel) => (await channel.checkQueue(queue)).consumerCount)
    await eventually(consumers, (count) => count === 0)
  })
})

it.each([
  ['channel', false],
  ['second connection', true],
])('a %s that is lost costs no acknowledgement of the others', async (_, isBacklog) => {
  await broker.declare(topology())
  const { queue } = topology()
  await onChannel(amqpUrl, async (channel) => {
    for (const body of ['1', '2']) channel.sendToQueue(queue, Buffer.from(body))
    await channel.checkQueue(queue)
  })
  const own = await connectBroker(amqpUrl)
  const taken: IncomingMessage[] = []
  const onGone = () => undefined
  const onMessage = (message: IncomingMessage) => void taken.push(message)
  await own.consume(bridgeQueue(), 2, { onMessage, onGone })
  await eventually(
    async () => taken.length,
    (length) => length === 2,
  )
  const absent = { ...bridgeQueue(), name: `${queue}.absent` }
  await expect(own.consume(absent, 1, { onMessage, onGone }, isBacklog)).rejects.toMatchObject({
    code: 'consume-refused',
  })
  expect(own.lost.aborted).toBe(true)
  taken[0]?.acknowledge()
  await own.close()
  const ready = () => countOf(onPool, queue)
  expect(await eventually(ready, (count) => count !== 0)).toBe(1)
})

it('keeps a dead letter however often it is looked at', async () => {
  await broker.declare(topology())
  const { deadLetterQueue } = topology()
  await onChannel(amqpUrl, async (channel) => {
    channel.sendToQueue(deadLetterQueue, Buffer.from('{}'))
    await channel.checkQueue(deadLetterQueue)
  })
  const box = await brokerLetters(connection).box(bridgeQueue())
  const look = async () => {
    let looks = 0
    for await (const letter of box?.take(1) ?? []) {
      await letter.release()
      looks += 1
    }
    return looks
  }
  // More often than RabbitMQ allows where the queue says nothing else.
  for (let times = 0; times < 25; times += 1) await eventually(look, (looks) => looks === 1)
  await eventually(
    () => countOf(onPool, deadLetterQueue),
    (count) => count === 1,
  )
})
