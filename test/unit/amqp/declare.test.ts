import { describe, expect, it } from '@jest/globals'
import type { Channel } from 'amqplib'
import {
  declareTopology,
  deleteEmptyQueue,
  notDeclared,
  unbindTopology,
} from '../../../lib/amqp/declare.ts'
import { events2Topology } from '../../../lib/bridge/topology.ts'
import { EcosError } from '../../../lib/errors.ts'
import {
  connectEach,
  connection,
  own,
  pooled,
  server,
} from '../../support/amqp-server/connected.ts'
import { accessRefused, locked } from '../../support/amqp-server/refusal.ts'

connectEach()

const queue = 'tenant.acme.eventbridge'
const pool = 'cell.main.p03.eventbridge'

/** A channel that may be lost. */
async function opened(): Promise<Channel> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  return channel
}

const declare = async (topology: typeof own) => declareTopology(await opened(), topology)
const publish = (exchange: string, routingKey: string) =>
  server.model.publish({ exchange, routingKey, properties: {}, content: Buffer.from('{}') })
const argumentsOf = (name: string) => server.model.queues.get(name)?.options.args

describe('the way of a tenant', () => {
  it('leads its types, and no others, to a queue of its own', async () => {
    expect(await declare(own)).toBe(0)
    expect(publish('tenant.acme.events', 'task.create')).toEqual([queue])
    expect(publish('tenant.acme.events', 'task.complete')).toEqual([])
    expect(publish(queue, 'whatever')).toEqual([queue])
    expect(await declare(own)).toBe(2)
  })

  it('loses a type that is turned off', async () => {
    await declare({ ...own, bind: ['task.create', 'task.complete'], unbind: [] })
    await declare({ ...own, bind: ['task.create'], unbind: ['task.complete'] })
    expect(publish('tenant.acme.events', 'task.create')).toEqual([queue])
    expect(publish('tenant.acme.events', 'task.complete')).toEqual([])
  })

  it('loses a type that is turned off in a pool, too', async () => {
    await declare({ ...pooled, bind: ['task.create', 'task.complete'], unbind: [] })
    await declare({ ...pooled, bind: ['task.create'], unbind: ['task.complete'] })
    expect(publish('tenant.acme.events', 'task.create')).toEqual([pool])
    expect(publish('tenant.acme.events', 'task.complete')).toEqual([])
  })

  it('leads over its entrance, past the bypass, to the queue of its pool', async () => {
    expect(await declare(pooled)).toBe(0)
    expect(publish('tenant.acme.events', 'task.create')).toEqual([pool])
    expect(publish(queue, '')).toEqual([pool])
    expect(server.model.queues.has(queue)).toBe(false)
    // The bypass takes what comes once it is bound.
    const bypass = pooled.bypass?.queue as string
    server.model.bind({ source: bypass, kind: 'queue', to: bypass, key: '' })
    expect(publish('tenant.acme.events', 'task.create')).toEqual([bypass])
    expect(await declare(pooled)).toBe(2)
  })

  it('ends in quorum queues, whose dead letters are kept whatever happens to them', async () => {
    await declare(pooled)
    const bypass = pooled.bypass?.queue as string
    for (const name of [pool, bypass]) {
      expect(argumentsOf(name)).toEqual({
        'x-queue-type': 'quorum',
        'x-delivery-limit': 20,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': `${name}.dead-letter`,
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      })
      const letters = server.model.queues.get(`${name}.dead-letter`)
      expect(letters?.options).toMatchObject({
        durable: true,
        args: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 },
      })
    }
    await declare(events2Topology('acme', 'app/eventbridge'))
    const second = [...server.model.queues.values()].find(({ options }) => {
      return options.args['x-single-active-consumer'] === true
    })
    expect(second?.name).toBe(events2Topology('acme', 'app/eventbridge').queue)
  })

  it('survives a restart of the broker', async () => {
    await declare(pooled)
    const { exchanges, queues } = server.model
    expect([...exchanges.values()].every(({ durable }) => durable)).toBe(true)
    expect([...queues.values()].every(({ options }) => options.durable)).toBe(true)
    expect(exchanges.get('tenant.acme.events')?.type).toBe('topic')
    expect([...exchanges.keys()].filter((name) => exchanges.get(name)?.type === 'fanout')).toEqual([
      pool,
      pooled.bypass?.queue,
      queue,
    ])
  })
})

describe('a way that the broker refuses', () => {
  it('leads elsewhere already: nothing of it is declared, and the change-over is named', async () => {
    await declare(own)
    const before = server.model.bindings
    await expect(declare(pooled)).rejects.toMatchObject({
      code: 'queue-differs',
      message: expect.stringMatching(
        /^Tenant acme: the queue cell\.main\.p03\.eventbridge on tenant\.acme\.events can't be declared\. The tenant's events go to another queue: run `ecos-eventbridge bridge change-over`: .*PRECONDITION_FAILED/,
      ),
      retryable: false,
    })
    expect(server.model.queues.has(pool)).toBe(false)
    expect(server.model.bindings).toEqual(before)
  })

  it('is another queue of that name', async () => {
    const channel = await opened()
    await channel.assertQueue(queue, { durable: true })
    await expect(declare(own)).rejects.toMatchObject({
      code: 'queue-differs',
      message: expect.stringContaining(
        'If it exists with other arguments, move its messages away and delete it: ',
      ),
    })
  })

  it('is not permitted to this user', async () => {
    server.before = ({ method }) => {
      if (method === 'QueueBind') throw accessRefused('write access to queue')
    }
    await expect(declare(own)).rejects.toMatchObject({
      code: 'not-declared',
      message: expect.stringMatching(
        /declared\. Give the user the permissions listed in docs\/deploy\/README\.md: .*ACCESS_REFUSED/,
      ),
      retryable: false,
    })
  })

  it('is one that somebody else has for themselves', async () => {
    server.before = ({ method }) => {
      if (method === 'QueueDeclare') throw locked(queue)
    }
    await expect(declare(own)).rejects.toMatchObject({
      code: 'not-declared',
      message: expect.stringMatching(/can't be declared\. Operation failed: .*RESOURCE_LOCKED/),
    })
  })

  it('may be declared once there is a connection again', async () => {
    server.before = ({ method }) => {
      if (method === 'QueueDeclare') for (const socket of server.connections) socket.destroy()
    }
    await expect(declare(own)).rejects.toMatchObject({ code: 'not-declared', retryable: true })
  })

  it('keeps a reason that is more exact already', () => {
    const cause = new EcosError('broker-lost', 'test')
    expect(notDeclared(own, cause)).toBe(cause)
  })
})

it('nothing leads to the queue of a tenant that is unbound, whose messages stay', async () => {
  await declare({ ...own, bind: ['task.create'], unbind: [] })
  publish('tenant.acme.events', 'task.create')
  await declare({ ...own, bind: ['task.complete'], unbind: [] })
  await unbindTopology(await opened(), { ...own, bind: ['task.create'], unbind: ['task.complete'] })
  expect(publish('tenant.acme.events', 'task.create')).toEqual([])
  expect(publish('tenant.acme.events', 'task.complete')).toEqual([])
  expect(server.model.bodies(queue)).toEqual(['{}'])
})

describe('a queue is deleted', () => {
  const remove = async () => deleteEmptyQueue(await opened(), queue)

  it('where it is there, empty and unused', async () => {
    await declare(own)
    await remove()
    expect(server.model.queues.has(queue)).toBe(false)
    await expect(remove()).rejects.toMatchObject({
      code: 'queue-absent',
      message: `There is no queue ${queue}`,
      cause: { code: 404 },
    })
  })

  it('never with its messages', async () => {
    await declare(own)
    publish(queue, '')
    publish(queue, '')
    await expect(remove()).rejects.toMatchObject({
      code: 'queue-not-empty',
      message: `The queue ${queue} holds 2 messages and was not deleted`,
    })
    expect(server.model.bodies(queue)).toHaveLength(2)
  })

  it('never under a consumer, which may have messages that are not counted', async () => {
    await declare(own)
    await (await opened()).consume(queue, () => undefined)
    await expect(remove()).rejects.toMatchObject({
      code: 'queue-in-use',
      message: expect.stringContaining(`The queue ${queue} has 1 consumers and was not deleted`),
    })
    expect(server.model.queues.has(queue)).toBe(true)
  })

  it('never where it can not be looked at', async () => {
    await declare(own)
    server.before = ({ method }) => {
      if (method === 'QueueDeclare') throw locked(queue)
    }
    await expect(remove()).rejects.toMatchObject({ code: 405 })
  })
})
