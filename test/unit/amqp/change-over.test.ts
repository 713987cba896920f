import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { openBypass } from '../../../lib/amqp/bypass.ts'
import { changeOverBroker } from '../../../lib/amqp/change-over.ts'
import { createChannelPool } from '../../../lib/amqp/channel-pool.ts'
import { open } from '../../../lib/amqp/connection.ts'
import { declareTopology } from '../../../lib/amqp/declare.ts'
import { type BridgeQueue, bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import { type Topology, topologyOf } from '../../../lib/bridge/topology.ts'
import { accessRefused, Refusal } from '../../support/amqp-server/refusal.ts'
import { type AmqpServer, startAmqpServer } from '../../support/amqp-server/server.ts'

let server: AmqpServer
let connection: ChannelModel
beforeEach(async () => {
  server = await startAmqpServer()
  connection = await open(server.url)
})
afterEach(() => server.close())

const tenant = (pool?: string, id = 'acme') =>
  topologyOf({
    ...{ id, locale: 'ru', cell: 'main', events: ['task.create'] },
    ...(pool !== undefined && { pool }),
  })
const own = tenant()
const first = tenant('p00')
const second = tenant('p01')
const pools = [first.queue, second.queue]

const wayOf = ({ exchange }: Topology) => server.model.route(exchange, 'task.create')

async function declare(topology: Topology): Promise<void> {
  await declareTopology(await connection.createChannel(), topology)
}

async function flood(topology: Topology): Promise<void> {
  await declare(topology)
  await openBypass(createChannelPool(connection), topology)
}

const starts: Record<string, () => Promise<void>> = {
  'a queue of its own': () => declare(own),
  'a pool': () => declare(first),
  'a pool that it floods': () => flood(first),
  'another pool': () => declare(second),
  'another pool that it floods': () => flood(second),
}

const ends: Record<string, { to: Topology; run(): Promise<void> }> = {
  'a queue of its own': { to: own, run: () => broker().toOwn(own, pools) },
  'a pool': { to: first, run: () => broker().toPool(own, first, pools) },
}

const broker = () => changeOverBroker(connection)

/** Notes each call from now on after which an event has no way into a queue, or several. */
function watch() {
  const wrong: unknown[] = []
  server.after = (call) => {
    const way = wayOf(own)
    if (way.length !== 1) wrong.push({ call, way })
  }
  return wrong
}

const wayIsOpen = ({ bypass }: Topology) =>
  server.model.bindings.some(({ source }) => source === bypass?.queue)

const ways = Object.keys(starts).flatMap((from) => Object.keys(ends).map((to) => [from, to]))

describe.each(ways)('from %s to %s', (from, target) => {
  const start = starts[from as string] as () => Promise<void>
  const { to, run } = ends[target as string] as (typeof ends)[string]

  it('every event has exactly one way, after each step', async () => {
    await start()
    // While the bypass of its pool is open, a tenant that comes goes past the pool, as the others do.
    const queue = wayIsOpen(to) ? to.bypass?.queue : to.queue
    const wrong = watch()
    for (let times = 0; times < 2; times += 1) {
      await run()
      expect(wayOf(own)).toEqual([queue])
    }
    expect(wrong).toEqual([])
    // A way that is declared for the bridge is the same.
    await declare(to)
    expect(wayOf(own)).toEqual([queue])
    expect(server.model.route(own.entrance, '')).toEqual([queue])
  })
})

it('a change-over that dies one step later each time goes on where it was', async () => {
  await flood(second)
  const wrong = watch()
  for (let at = 1; ; at += 1) {
    server.before = () => undefined
    connection = await open(server.url)
    let calls = 0
    server.before = () => {
      calls += 1
      if (calls === at) throw new Refusal(541, 'INTERNAL_ERROR', true)
    }
    const failure = await broker()
      .toPool(own, first, pools)
      .catch((error) => error)
    if (failure === undefined) break
    expect(failure).toMatchObject({ code: 'not-declared', retryable: true })
  }
  expect(wayOf(own)).toEqual([first.queue])
  expect(wrong).toEqual([])
})

it('a tenant that has its own queue already keeps its entrance all along, and gets its types', async () => {
  await declare({ ...own, bind: [], unbind: [] })
  const gone: unknown[] = []
  server.after = (call) => {
    if (server.model.route(own.entrance, '').length !== 1) gone.push(call)
  }
  await broker().toOwn(own, pools)
  expect(gone).toEqual([])
  expect(wayOf(own)).toEqual([own.queue])
})

it('a tenant that has no queue of its own gets none on its way to a pool', async () => {
  await declare(first)
  await broker().toPool(own, first, pools)
  expect(server.model.queues.has(own.queue)).toBe(false)
})

it('a type that is turned off has no way, wherever the tenant comes to', async () => {
  await declare({ ...own, bind: ['task.create', 'task.complete'], unbind: [] })
  await broker().toPool(own, first, pools)
  expect(server.model.route(own.exchange, 'task.complete')).toEqual([])
  await declare({ ...first, bind: ['task.create', 'task.complete'], unbind: [] })
  await broker().toOwn(own, pools)
  expect(server.model.route(own.exchange, 'task.complete')).toEqual([])
})

it('what the broker refuses is told of the queue that the tenant was to have', async () => {
  await declare(own)
  server.before = ({ fields }) => {
    if (fields['queue'] === first.queue) throw accessRefused('configure access to queue')
  }
  const refused = { code: 'not-declared', message: expect.stringContaining(first.queue) }
  await expect(broker().toPool(own, first, pools)).rejects.toMatchObject(refused)
  server.before = ({ method }) => {
    if (method === 'ExchangeDeclare') throw accessRefused('configure access to exchange')
  }
  const owns = { code: 'not-declared', message: expect.stringContaining(`queue ${own.queue} on`) }
  await expect(broker().toOwn(own, pools)).rejects.toMatchObject(owns)
  // It is not taken for one that leads elsewhere, and taken away.
  expect(server.model.route(own.entrance, '')).toEqual([own.queue])
})

it('a queue that may not be looked at is told as well, with what to do', async () => {
  await declare(own)
  server.before = ({ method, fields }) => {
    if (method === 'QueueDeclare' && fields['passive']) throw accessRefused('access to queue')
  }
  await expect(broker().toPool(own, first, pools)).rejects.toMatchObject({
    code: 'not-declared',
    message: expect.stringMatching(/^Tenant acme: .*Give the user the permissions/),
  })
})

it('counts the messages of a queue, if it is there', async () => {
  await declare(own)
  server.model.publish(messageFor(own, '1'))
  expect(await broker().count(own.queue)).toBe(1)
  expect(await broker().count('absent')).toBeUndefined()
})

function messageFor({ exchange }: Pick<Topology, 'exchange'>, body: string, properties = {}) {
  return { exchange, routingKey: 'task.create', properties, content: Buffer.from(body) }
}

describe('messages that wait in a former queue', () => {
  const ownQueue = () => bridgeQueues([own])[0] as BridgeQueue
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at))

  const moveAll = (queue = ownQueue()) => broker().moveAll(queue)

  /** Messages in the tenant's own queue; its events go to a pool by now. */
  async function waiting(...bodies: string[]) {
    await declare(own)
    for (const body of bodies) server.model.publish(messageFor(own, body))
    await broker().toPool(own, first, pools)
  }

  it('go after the new ones, all of them, in order', async () => {
    await waiting(...numbers(250))
    expect(await moveAll()).toEqual({ moved: 250, left: 0 })
    expect(server.model.bodies(own.queue)).toEqual([])
    expect(server.model.bodies(first.queue)).toEqual(numbers(250))
    expect(await moveAll()).toEqual({ moved: 0, left: 0 })
  })

  it('stay what they are, without what a broker added', async () => {
    await declare(own)
    const headers = { note: 'kept', 'x-delivery-count': 3, 'x-death': [{ queue: own.queue }] }
    const properties = { contentType: 'text/plain', messageId: 'm1', expiration: '1000', headers }
    server.model.publish(messageFor(own, 'text', { ...properties, userId: 'somebody' }))
    await broker().toPool(own, first, pools)
    await moveAll()
    const [message] = server.model.queues.get(first.queue)?.ready() ?? []
    expect(message).toMatchObject({ routingKey: 'task.create', exchange: own.entrance })
    expect(String(message?.content)).toBe('text')
    expect(message?.properties).toMatchObject({
      contentType: 'text/plain',
      messageId: 'm1',
      headers: { note: 'kept' },
      // On disk.
      deliveryMode: 2,
    })
    const { expiration, userId } = message?.properties ?? {}
    expect({ expiration, userId }).toEqual({ expiration: undefined, userId: undefined })
    expect(message?.properties['headers']).toEqual({ note: 'kept' })
  })

  it('stay where they are if they are no tenant of the pool', async () => {
    await declare(first)
    const { model } = server
    const content = Buffer.from('nobody')
    model.publish(messageFor(own, '1'))
    model.publish({ exchange: '', routingKey: first.queue, properties: {}, content })
    model.publish(messageFor(own, '2'))
    await broker().toOwn(own, pools)
    const [pooled] = bridgeQueues([first]) as [BridgeQueue]
    expect(await moveAll(pooled)).toEqual({ moved: 2, left: 1 })
    expect(model.bodies(own.queue)).toEqual(['1', '2'])
    expect(model.bodies(first.queue)).toEqual(['nobody'])
  })

  it('are safe where the entrance leads to no queue', async () => {
    await declare(own)
    server.model.publish(messageFor(own, '1'))
    server.model.unbind({ source: own.entrance, kind: 'queue', to: own.queue, key: '' })
    await expect(moveAll()).rejects.toMatchObject({
      code: 'not-confirmed',
      message: `A message of ${own.queue} could not be moved, run again: the exchange ${own.entrance} leads to no queue`,
      retryable: true,
    })
    // Its channel is closed.
    expect(server.model.bodies(own.queue)).toEqual(['1'])
  })

  it('are safe where the broker does not confirm the copies', async () => {
    await waiting('1', '2')
    server.isKept = (exchange, body) => exchange !== own.entrance || String(body) !== '2'
    await expect(moveAll()).rejects.toMatchObject({ code: 'not-confirmed', retryable: true })
    expect(server.model.bodies(own.queue)).toEqual(['1', '2'])
  })

  it('are safe where the entrance is gone, which costs no process', async () => {
    await waiting('1')
    server.model.deleteExchange(own.entrance)
    await expect(moveAll()).rejects.toMatchObject({ code: 'not-confirmed' })
    // What is refused costs its channel, and not the connection.
    expect(await broker().count(own.queue)).toBe(1)
    expect(server.model.bodies(own.queue)).toEqual(['1'])
  })
})
