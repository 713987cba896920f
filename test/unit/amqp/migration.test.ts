import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { connectMigration } from '../../../lib/amqp/migration.ts'
import type { BrokerMessage } from '../../../lib/bridge/message.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import type { MigrationBroker, MovableMessage } from '../../../lib/migration/migration-broker.ts'
import { Refusal } from '../../support/amqp-server/refusal.ts'
import { type AmqpServer, startAmqpServer } from '../../support/amqp-server/server.ts'

let server: AmqpServer
let broker: MigrationBroker
beforeEach(async () => {
  server = await startAmqpServer()
  broker = await connectMigration(server.url)
})
afterEach(() => server.close())

const tenant = 'acme'
const topology = topologyOf({ id: tenant, locale: 'ru', cell: 'main', events: ['task.create'] })
const { exchange, queue } = topology
const old = 'tenant.acme.old-consumer'
const classic = { durable: true, autoDelete: false, args: {} }

const publish = (to: string, routingKey: string, body: string, properties = {}) =>
  server.model.publish({ exchange: to, routingKey, properties, content: Buffer.from(body) })
const refuse = (name: string, code: number) => {
  server.before = ({ method }) => {
    if (method === name) throw new Refusal(code, 'REFUSED - test')
  }
}

describe('what is there', () => {
  it('is told of queues and exchanges, and what is not there as such', async () => {
    expect(await broker.countQueue(old)).toBeUndefined()
    expect(await broker.hasExchange(exchange)).toBe(false)
    server.model.declareQueue(old, classic)
    await broker.declareRetryExchange(exchange)
    publish('', old, '1')
    expect(await broker.countQueue(old)).toEqual({ messages: 1, consumers: 0 })
    await broker.consume({ tenant, queue: old, exclusive: false, prefetch: 1 }, () => undefined)
    expect(await broker.countQueue(old)).toEqual({ messages: 0, consumers: 1 })
    expect(await broker.hasExchange(exchange)).toBe(true)
  })

  it.each<[string, string, () => Promise<unknown>]>([
    ['look at the queue tenant.acme.eventbridge', 'QueueDeclare', () => broker.countQueue(queue)],
    ['look at the exchange e', 'ExchangeDeclare', () => broker.hasExchange('e')],
    ['declare the exchange e', 'ExchangeDeclare', () => broker.declareRetryExchange('e')],
    ['bind q to e', 'QueueBind', () => broker.bind('q', 'e', 'k')],
    ['unbind q from e', 'QueueUnbind', () => broker.unbind('q', 'e', 'k')],
    ['open e', 'ExchangeDeclare', () => broker.openPassage('e', 'q')],
    ['delete the exchange e', 'ExchangeDelete', () => broker.removeExchange('e')],
    ['delete the exchange e', 'ExchangeDelete', () => broker.deleteExchange('e')],
    ['delete the queue q', 'QueueDelete', () => broker.deleteQueue('q')],
  ])('is not guessed: the broker did not %s', async (what, method, call) => {
    refuse(method, 403)
    await expect(call()).rejects.toMatchObject({
      code: 'broker-refused',
      message: expect.stringMatching(new RegExp(`^RabbitMQ did not ${what}: .*REFUSED - test`)),
    })
    // A refused call costs its own channel alone.
    expect(broker.lost.aborted).toBe(false)
  })
})

describe('ways', () => {
  it("are the bridge's own", async () => {
    await broker.declare(topology)
    expect(server.model.route(exchange, 'task.create')).toEqual([queue])
    server.model.declareExchange('other', { type: 'topic', durable: true })
    refuse('QueueBind', 403)
    await expect(broker.declare(topology)).rejects.toMatchObject({
      code: 'not-declared',
      message: expect.stringContaining('Tenant acme'),
    })
  })

  it('are bound and unbound by their keys, and what is unbound already stays so', async () => {
    server.model.declareQueue(old, classic)
    await broker.declareRetryExchange('retry')
    await broker.bind(old, 'retry', 'task.*')
    expect(server.model.route('retry', 'task.create')).toEqual([old])
    expect(server.model.route('retry', 'record.create')).toEqual([])
    await broker.unbind(old, 'retry', 'task.*')
    await broker.unbind(old, 'retry', 'task.*')
    expect(server.model.route('retry', 'task.create')).toEqual([])
  })

  it('of a retry and of a passage last no longer than the broker', async () => {
    server.model.declareQueue(old, classic)
    await broker.declareRetryExchange('retry')
    await broker.openPassage('passage', old)
    expect(server.model.exchanges.get('retry')).toMatchObject({ type: 'topic', durable: false })
    expect(server.model.exchanges.get('passage')).toMatchObject({ type: 'fanout', durable: false })
  })

  it('of a passage lead every message to its queue, with its routing key', async () => {
    server.model.declareQueue(old, classic)
    await broker.openPassage('passage', old)
    publish('passage', 'any.key', '1')
    expect(server.model.queues.get(old)?.ready()).toMatchObject([{ routingKey: 'any.key' }])
    await broker.removeExchange('passage')
    await broker.removeExchange('passage')
    expect(server.model.exchanges.has('passage')).toBe(false)
  })
})

describe('what is left behind', () => {
  it('is deleted where it is empty and unused', async () => {
    server.model.declareQueue(old, classic)
    publish('', old, '1')
    await expect(broker.deleteQueue(old)).rejects.toMatchObject({ code: 'broker-refused' })
    server.model.queues.get(old)?.get()
    await broker.consume({ tenant, queue: old, exclusive: false, prefetch: 1 }, () => undefined)
    await expect(broker.deleteQueue(old)).rejects.toMatchObject({ code: 'broker-refused' })
    await broker.stopConsuming()
    await broker.deleteQueue(old)
    expect(server.model.queues.has(old)).toBe(false)
  })

  it('is an exchange to which nothing is bound', async () => {
    server.model.declareQueue(old, classic)
    await broker.declareRetryExchange('retry')
    await broker.bind(old, 'retry', '#')
    expect(await broker.deleteExchange('retry')).toBe(false)
    expect(server.model.exchanges.has('retry')).toBe(true)
    await broker.unbind(old, 'retry', '#')
    expect(await broker.deleteExchange('retry')).toBe(true)
    expect(server.model.exchanges.has('retry')).toBe(false)
  })
})

describe('messages to move', () => {
  /** Consumes the old queue; `took` resolves to so many messages. */
  async function consume({ exclusive = false, prefetch = 10 } = {}) {
    const taken: MovableMessage[] = []
    let onTaken = () => {}
    await broker.consume({ tenant, queue: old, exclusive, prefetch }, (message) => {
      taken.push(message)
      onTaken()
    })
    const took = (count: number) =>
      new Promise<MovableMessage[]>((resolve) => {
        onTaken = () => {
          if (taken.length >= count) resolve(taken)
        }
        onTaken()
      })
    return { taken, took }
  }

  beforeEach(() => {
    server.model.declareQueue(old, classic)
  })

  it('come with all that is known of them, and no more at once than asked for', async () => {
    for (const body of ['1', '2', '3']) publish('', old, body, { messageId: body })
    const { took, taken } = await consume({ prefetch: 2 })
    const [first] = await took(2)
    expect(first).toMatchObject({
      ...{ tenant, queue: old, exchange: '', routingKey: old, redelivered: false },
      ...{ properties: { messageId: '1' }, body: Buffer.from('1') },
    })
    await broker.countQueue(old)
    expect(taken).toHaveLength(2)
    first?.acknowledge()
    await took(3)
  })

  it('are still acknowledged once no more come', async () => {
    for (const body of ['1', '2']) publish('', old, body)
    const { took, taken } = await consume({ prefetch: 1 })
    await took(1)
    await broker.stopConsuming()
    await broker.stopConsuming()
    expect(server.calls.filter(({ method }) => method === 'BasicCancel')).toHaveLength(1)
    for (const message of taken) message.acknowledge()
    await broker.close()
    expect(server.model.bodies(old)).toEqual(['2'])
    expect(broker.lost.aborted).toBe(false)
  })

  it('return where they are not acknowledged', async () => {
    publish('', old, '1')
    await (await consume()).took(1)
    await broker.close()
    expect(server.model.bodies(old)).toEqual(['1'])
    expect(server.connections.size).toBeLessThanOrEqual(1)
  })

  it('come to nobody else, where that is asked for', async () => {
    await consume({ exclusive: true })
    const other = await connectMigration(server.url)
    const options = { tenant, queue: old, exclusive: true, prefetch: 1 }
    await expect(other.consume(options, () => undefined)).rejects.toMatchObject({
      code: 'queue-in-use',
      message: `${old} has a consumer: stop it first`,
      cause: { code: 403 },
    })
    expect(other.lost.aborted).toBe(true)
    await other.close()
  })

  it('do not come where the broker refuses it for another reason', async () => {
    const options = { tenant, queue: 'absent', exclusive: true, prefetch: 1 }
    await expect(broker.consume(options, () => undefined)).rejects.toMatchObject({
      code: 'broker-refused',
      message: expect.stringMatching(/^RabbitMQ did not let absent be consumed: .*NOT_FOUND/),
    })
    expect(broker.lost.reason).toMatchObject({
      code: 'broker-lost',
      message: expect.stringMatching(/; run again$/),
    })
    await broker.close()
  })

  it('end with their queue, of which nothing is told', async () => {
    const { taken } = await consume()
    server.model.deleteQueue(old)
    await broker.countQueue(old)
    expect(taken).toEqual([])
    expect(broker.lost.aborted).toBe(false)
  })
})

describe('a copy', () => {
  const message: BrokerMessage = {
    ...{ tenant, queue: old, exchange: 'any', routingKey: 'task.create', redelivered: false },
    properties: { messageId: 'm1', userId: 'somebody', headers: { note: 'kept' } },
    body: Buffer.from('{}'),
  }

  it('is in its queue when that is said', async () => {
    await broker.declare(topology)
    await broker.publish(exchange, message)
    await broker.publish(exchange, message)
    const [copy] = server.model.queues.get(queue)?.ready() ?? []
    expect(copy).toMatchObject({
      routingKey: 'task.create',
      properties: { messageId: 'm1', headers: { note: 'kept' }, userId: undefined },
    })
    expect(server.model.bodies(queue)).toEqual(['{}', '{}'])
  })

  it('is not confirmed where no queue is bound', async () => {
    await broker.declareRetryExchange('retry')
    await expect(broker.publish('retry', message)).rejects.toMatchObject({
      code: 'not-confirmed',
      message: 'RabbitMQ did not confirm a message on retry, run again: no queue is bound',
      retryable: true,
    })
  })

  it('is not confirmed where the broker did not keep it', async () => {
    await broker.declare(topology)
    server.isKept = () => false
    await expect(broker.publish(exchange, message)).rejects.toMatchObject({
      code: 'not-confirmed',
      message: expect.stringMatching(/^RabbitMQ did not confirm a message on tenant\.acme\.events/),
      retryable: true,
    })
  })

  it('that the broker refuses ends the migration', async () => {
    await expect(broker.publish('absent', message)).rejects.toMatchObject({ code: 'not-confirmed' })
    expect(broker.lost.reason).toMatchObject({ code: 'broker-lost' })
    await broker.close()
    // The channel was lost, and not the connection.
    expect(server.calls.at(-1)?.method).toBe('ConnectionClose')
  })
})

describe('a witness', () => {
  const via = 'tenant.acme.witness'
  const options = { tenant, exchange, target: queue, routingKeys: ['task.create'], via }

  async function witness() {
    const seen: BrokerMessage[] = []
    return { seen, end: (await broker.witness(options, (message) => seen.push(message))).end }
  }

  beforeEach(async () => {
    await broker.declare({ ...topology, bind: [] })
  })

  it('sees exactly what its target gets, until its end', async () => {
    const { seen, end } = await witness()
    const { length: queues } = [...server.model.queues]
    publish(exchange, 'task.create', '1', { messageId: 'm1' })
    publish(exchange, 'task.complete', 'other')
    // Nothing of it outlives the broker, or waits for an acknowledgement.
    expect(server.model.exchanges.get(via)).toMatchObject({ type: 'topic', durable: false })
    const consumed = server.calls.findLast(({ method }) => method === 'BasicConsume')
    expect(consumed?.fields).toMatchObject({ noAck: true })
    await end()
    publish(exchange, 'task.create', 'late')
    expect(server.model.bodies(queue)).toEqual(['1'])
    expect(seen).toMatchObject([
      { tenant, exchange, routingKey: 'task.create', properties: { messageId: 'm1' } },
    ])
    expect(String(seen[0]?.body)).toBe('1')
    expect(server.model.exchanges.has(via)).toBe(false)
    expect(server.model.queues.size).toBe(queues - 1)
  })

  it('gives a target with a binding of its own each message once', async () => {
    await broker.bind(queue, exchange, 'task.create')
    const { seen, end } = await witness()
    publish(exchange, 'task.create', '1')
    await end()
    expect([server.model.bodies(queue), seen.length]).toEqual([['1'], 1])
  })

  it('takes away what a run that was killed has left', async () => {
    server.model.declareExchange(via, { type: 'topic', durable: false })
    server.model.bind({ source: via, kind: 'queue', to: queue, key: 'record.create' })
    server.model.bind({ source: exchange, kind: 'exchange', to: via, key: '#' })
    const { seen, end } = await witness()
    publish(exchange, 'record.create', 'left')
    publish(exchange, 'task.create', '1')
    await end()
    expect([server.model.bodies(queue), seen.length]).toEqual([['1'], 1])
  })

  it('ends with its connection', async () => {
    await witness()
    const before = server.model.queues.size
    await broker.close()
    expect(server.model.queues.size).toBe(before - 1)
  })

  it('that the broker refuses costs no process', async () => {
    server.model.declareExchange(via, { type: 'fanout', durable: true })
    refuse('ExchangeDeclare', 406)
    await expect(witness()).rejects.toMatchObject({ code: 406 })
    expect(broker.lost.aborted).toBe(false)
  })
})

describe('a connection', () => {
  it('that is lost is told, and closed all the same', async () => {
    for (const socket of server.connections) socket.destroy()
    await new Promise((resolve) => broker.lost.addEventListener('abort', resolve))
    expect(broker.lost.reason).toMatchObject({ code: 'broker-lost', retryable: true })
    await broker.close()
  })

  it('is closed also where a channel was lost', async () => {
    server.model.declareQueue(old, classic)
    await broker.consume({ tenant, queue: old, exclusive: true, prefetch: 1 }, () => undefined)
    refuse('BasicQos', 406)
    const options = { tenant, queue: old, exclusive: true, prefetch: 1 }
    await expect(broker.consume(options, () => undefined)).rejects.toMatchObject({
      code: 'broker-refused',
    })
    expect(broker.lost.aborted).toBe(true)
    await broker.close()
    expect(server.calls.at(-1)?.method).toBe('ConnectionClose')
  })
})
