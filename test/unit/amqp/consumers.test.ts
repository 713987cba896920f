import { describe, expect, it, jest } from '@jest/globals'
import { createConsumers } from '../../../lib/amqp/consumers.ts'
import { declareTopology } from '../../../lib/amqp/declare.ts'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import { events2Topology } from '../../../lib/bridge/topology.ts'
import {
  connectEach,
  connection,
  own,
  pooled,
  queueOf,
  server,
} from '../../support/amqp-server/connected.ts'
import { Refusal } from '../../support/amqp-server/refusal.ts'

connectEach()

const publish = (body: string, properties = {}, routingKey = 'task.create', exchange = '') =>
  server.model.publish({
    exchange: exchange || own.exchange,
    routingKey,
    properties,
    content: Buffer.from(body),
  })

/** Consumers of queues that are declared; `took` resolves to so many messages. */
async function start(...topologies: (typeof own)[]) {
  const channel = await connection.createChannel()
  for (const topology of topologies) await declareTopology(channel, topology)
  const lose = jest.fn()
  const consumers = createConsumers(connection, lose)
  const taken: IncomingMessage[] = []
  let onTaken = () => {}
  const handlers = {
    onMessage(message: IncomingMessage) {
      taken.push(message)
      onTaken()
    },
    onGone: jest.fn(),
  }
  const took = (count: number) =>
    new Promise<IncomingMessage[]>((resolve) => {
      onTaken = () => {
        if (taken.length >= count) resolve(taken)
      }
      onTaken()
    })
  /** What the broker sent before it answers this has come. */
  const settled = () => channel.checkExchange(own.exchange)
  return { consumers, handlers, taken, took, lose, settled }
}

const calls = (...names: string[]) =>
  server.calls.filter(({ method }) => names.includes(method)).map(({ fields }) => fields)

describe('a message comes', () => {
  it('with all that the broker and its publisher say of it', async () => {
    const { consumers, handlers, took } = await start(own)
    await consumers.consume(queueOf(own), 2, handlers)
    publish('1', { messageId: 'm1', contentType: 'text/plain', headers: { note: 'x' } })
    const [message] = await took(1)
    expect(message).toMatchObject({
      tenant: 'acme',
      entrance: 'tenant.acme.eventbridge',
      exchange: 'tenant.acme.events',
      routingKey: 'task.create',
      wire: '1.0',
      queue: 'tenant.acme.eventbridge',
      properties: { messageId: 'm1', contentType: 'text/plain', headers: { note: 'x' } },
      redelivered: false,
      body: Buffer.from('1'),
    })
    message?.requeue()
    const again = (await took(2))[1]
    expect(again).toMatchObject({ redelivered: true, body: Buffer.from('1') })
  })

  it('of events 2.0 as such', async () => {
    const second = events2Topology('acme', 'app/eventbridge')
    const { consumers, handlers, took } = await start(own, second)
    await consumers.consume(queueOf(second), 1, handlers)
    publish('1', {}, second.queue, second.exchange)
    expect(await took(1)).toMatchObject([{ wire: '2.0', queue: second.queue, tenant: 'acme' }])
  })

  it('as no more than may be unsettled at once, of each consumer for itself', async () => {
    const { consumers, handlers, taken, took, settled } = await start(own)
    for (const body of ['1', '2', '3', '4', '5', '6']) publish(body)
    await consumers.consume(queueOf(own), 2, handlers)
    await consumers.consume(queueOf(own), 3, handlers)
    await took(5)
    await settled()
    expect(taken.map(({ body }) => String(body))).toEqual(['1', '2', '3', '4', '5'])
  })
})

describe('a settlement', () => {
  it.each<[string, (message: IncomingMessage) => void, string, string[], string[]]>([
    ['acknowledges', (message) => message.acknowledge(), 'BasicAck', ['2'], []],
    ['dead-letters', (message) => message.deadLetter(), 'BasicNack', ['2'], ['1']],
    ['gives back', (message) => message.requeue(), 'BasicNack', ['1', '2'], []],
  ])('%s its message alone', async (_, settle, method, left, dead) => {
    const { consumers, handlers, took } = await start(own)
    for (const body of ['1', '2']) publish(body)
    const consumer = await consumers.consume(queueOf(own), 2, handlers)
    const [first] = await took(2)
    await consumer.cancel()
    const written = server.next(method)
    settle(first as IncomingMessage)
    await written
    await consumers.close()
    expect(server.model.bodies(own.queue).toSorted()).toEqual(left)
    expect(server.model.bodies(own.deadLetterQueue)).toEqual(dead)
  })

  it('that is still gathered is written before the end', async () => {
    const { consumers, handlers, took } = await start(own)
    for (const body of ['1', '2', '3']) publish(body)
    await consumers.consume(queueOf(own), 3, handlers)
    const taken = await took(3)
    taken[0]?.acknowledge()
    taken[2]?.acknowledge()
    expect(calls('BasicAck')).toEqual([])
    await consumers.close()
    expect(server.model.bodies(own.queue)).toEqual(['2'])
    expect(calls('ChannelClose')).toHaveLength(1)
  })
})

it('settlements of one time go as one', async () => {
  const { consumers, handlers, took } = await start(own)
  for (const body of ['1', '2', '3']) publish(body)
  await consumers.consume(queueOf(own), 3, handlers)
  for (const message of await took(3)) message.acknowledge()
  await consumers.close()
  expect(calls('BasicAck')).toMatchObject([{ deliveryTag: 3, multiple: true }])
  expect(server.model.bodies(own.queue)).toEqual([])
})

describe('channels', () => {
  it('are shared by consumers, from the thirty-third on', async () => {
    const { consumers, handlers } = await start(own)
    const before = calls('ChannelOpen').length
    for (let count = 0; count < 40; count += 1) {
      await consumers.consume(queueOf(own), 1, handlers)
    }
    expect(calls('ChannelOpen').length - before).toBe(32)
    await consumers.close()
    expect(calls('ChannelClose')).toHaveLength(32)
  })

  it('that are lost are told of', async () => {
    const { consumers, handlers, lose, took } = await start(own)
    await consumers.consume(queueOf(own), 1, handlers)
    publish('1')
    const [message] = await took(1)
    expect(lose).not.toHaveBeenCalled()
    server.before = ({ method }) => {
      if (method === 'BasicNack') throw new Refusal(406, 'PRECONDITION_FAILED - unknown tag')
    }
    const closed = server.next('BasicNack')
    message?.requeue()
    await closed
    await connection.createChannel()
    expect(lose).toHaveBeenCalledWith(expect.objectContaining({ code: 406 }))
  })

  it('that are closed in order are told of, too', async () => {
    const { consumers, handlers, lose } = await start(own)
    await consumers.consume(queueOf(own), 1, handlers)
    await consumers.close()
    expect(lose).toHaveBeenCalledTimes(1)
  })

  it('cost nobody else an acknowledgement if they are lost', async () => {
    const { consumers, handlers, took } = await start(own)
    publish('1')
    await consumers.consume(queueOf(own), 1, handlers)
    const [message] = await took(1)
    const absent = { ...queueOf(own), name: 'absent' }
    await expect(consumers.consume(absent, 1, handlers)).rejects.toMatchObject({
      code: 'consume-refused',
    })
    message?.acknowledge()
    await consumers.stop()
    await consumers.close()
    expect(server.model.bodies(own.queue)).toEqual([])
  })
})

describe('the end of consuming', () => {
  it('is told to the broker once', async () => {
    const { consumers, handlers, settled, taken } = await start(own)
    const consumer = await consumers.consume(queueOf(own), 1, handlers)
    await consumer.cancel()
    await consumer.cancel()
    await consumers.stop()
    const [{ consumerTag: consumed } = {}] = calls('BasicConsume')
    expect(calls('BasicCancel')).toMatchObject([{ consumerTag: consumed }])
    publish('1')
    await settled()
    expect(taken).toEqual([])
    expect(handlers.onGone).not.toHaveBeenCalled()
  })

  it('is that of all consumers, which keep what they have', async () => {
    const { consumers, handlers, took } = await start(own)
    for (const body of ['1', '2', '3']) publish(body)
    await consumers.consume(queueOf(own), 1, handlers)
    await consumers.consume(queueOf(own), 1, handlers)
    const taken = await took(2)
    await consumers.stop()
    await consumers.stop()
    expect(calls('BasicCancel')).toHaveLength(2)
    for (const message of taken) message.acknowledge()
    await consumers.close()
    expect(server.model.bodies(own.queue)).toEqual(['3'])
  })

  it('is told by a queue that is gone, whose consumer is not cancelled any more', async () => {
    const { consumers, handlers, settled } = await start(own)
    await consumers.consume(queueOf(own), 1, handlers)
    server.model.deleteQueue(own.queue)
    await settled()
    expect(handlers.onGone).toHaveBeenCalledTimes(1)
    await consumers.stop()
    expect(calls('BasicCancel')).toEqual([])
  })
})

describe('a queue that the broker does not let be consumed', () => {
  const refuse = (name: string, code: number) => {
    server.before = ({ method }) => {
      if (method === name) throw new Refusal(code, 'REFUSED - test')
    }
  }

  it.each([403, 404, 405, 406])('is named, with its tenant, after %s', async (code) => {
    const { consumers, handlers, lose } = await start(own)
    refuse('BasicConsume', code)
    await expect(consumers.consume(queueOf(own), 1, handlers)).rejects.toMatchObject({
      code: 'consume-refused',
      message: expect.stringMatching(
        /^Tenant acme: RabbitMQ refuses to have the queue tenant\.acme\.eventbridge consumed: .*REFUSED - test/,
      ),
      cause: { code },
    })
    expect(lose).toHaveBeenCalledWith(expect.objectContaining({ code }))
    await consumers.stop()
    expect(calls('BasicCancel')).toEqual([])
  })

  it('is named with its pool', async () => {
    const { consumers, handlers } = await start(own)
    refuse('BasicConsume', 403)
    await expect(consumers.consume(queueOf(pooled), 1, handlers)).rejects.toMatchObject({
      code: 'consume-refused',
      message: expect.stringMatching(/^Pool cell\.main\.p03\.eventbridge: /),
    })
  })

  it.each([
    ['for another reason', 320, 'BasicConsume'],
    ['by another call than this', 403, 'BasicQos'],
    ['by a call of another class', 403, 'QueueBind'],
  ])('is not refused where the channel was lost %s', async (_, code, blamed) => {
    const { consumers, handlers } = await start(own)
    server.before = ({ method }) => {
      if (method === 'BasicConsume') throw new Refusal(code, 'REFUSED - test', false, blamed)
    }
    await expect(consumers.consume(queueOf(own), 1, handlers)).rejects.toMatchObject({ code })
  })
})
