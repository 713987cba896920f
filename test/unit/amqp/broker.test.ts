import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { connectBroker } from '../../../lib/amqp/broker.ts'
import { type BridgeQueue, bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import { Refusal } from '../../support/amqp-server/refusal.ts'
import { type AmqpServer, type Door, startAmqpServer } from '../../support/amqp-server/server.ts'

let server: AmqpServer
let broker: Broker
let door: Door
beforeEach(async () => {
  server = await startAmqpServer()
  door = await server.door()
  broker = await connectBroker(`${door.url}/cell`)
})
afterEach(async () => {
  await broker.close()
  await server.close()
})

const tenant = (id: string, pool?: string) =>
  topologyOf({
    ...{ id, locale: 'ru', cell: 'main', events: ['task.create'] },
    ...(pool && { pool }),
  })
const acme = tenant('acme')
const queue = bridgeQueues([acme])[0] as BridgeQueue

const publish = (body: string, { exchange } = acme) =>
  server.model.publish({
    ...{ exchange, routingKey: 'task.create', properties: {} },
    content: Buffer.from(body),
  })
const wayOf = ({ exchange }: typeof acme) => server.model.route(exchange, 'task.create')
const methods = () => server.calls.map(({ method }) => method)

function receiver() {
  const taken: IncomingMessage[] = []
  let onTaken = () => {}
  return {
    handlers: {
      onMessage(message: IncomingMessage) {
        taken.push(message)
        onTaken()
      },
      onGone: jest.fn(),
    },
    took: (count: number) =>
      new Promise<IncomingMessage[]>((resolve) => {
        onTaken = () => {
          if (taken.length >= count) resolve(taken)
        }
        onTaken()
      }),
  }
}

it('a broker is known by its host, port and virtual host, without user and password', () => {
  expect(broker.address).toBe(`${new URL(door.url).host}/cell`)
})

describe('the ways of tenants', () => {
  it('are declared, and undone', async () => {
    expect(await broker.declare(acme)).toBe(0)
    publish('1')
    expect(await broker.declare(acme)).toBe(1)
    expect(await broker.count(acme.queue)).toBe(1)
    await broker.unbind(acme)
    expect(wayOf(acme)).toEqual([])
    await expect(broker.deleteEmpty(acme.queue)).rejects.toMatchObject({ code: 'queue-not-empty' })
    await broker.deleteEmpty(acme.deadLetterQueue)
    await broker.deleteExchange(acme.entrance)
    await broker.deleteExchange(acme.entrance)
    expect(server.model.exchanges.has(acme.entrance)).toBe(false)
    expect(await broker.count(acme.deadLetterQueue)).toBeUndefined()
  })

  it('lead past a pool that is flooded, and back', async () => {
    const [flood, calm] = [tenant('flood', 'p03'), tenant('calm', 'p03')]
    for (const topology of [flood, calm]) await broker.declare(topology)
    await broker.openBypass(flood)
    expect([wayOf(flood), wayOf(calm)]).toEqual([[flood.queue], [calm.bypass?.queue]])
    await broker.closeBypass([flood, calm])
    expect([wayOf(flood), wayOf(calm)]).toEqual([[flood.queue], [flood.queue]])
  })
})

describe('consumers', () => {
  it('take backlogs over a second connection alone', async () => {
    await broker.declare(acme)
    const { handlers } = receiver()
    await broker.consume(queue, 1, handlers)
    expect(door.connections.size).toBe(1)
    await broker.consume(queue, 1, handlers, true)
    expect(door.connections.size).toBe(2)
    await broker.stopConsuming()
    expect(server.model.queues.get(acme.queue)?.takers()).toEqual([])
  })

  it('write what they have settled before the end', async () => {
    await broker.declare(acme)
    for (const body of ['1', '2', '3']) publish(body)
    const { handlers, took } = receiver()
    await broker.consume(queue, 1, handlers)
    await broker.consume(queue, 1, handlers, true)
    for (const message of await took(2)) message.acknowledge()
    await broker.stopConsuming()
    await broker.close()
    expect(server.model.bodies(acme.queue)).toEqual(['3'])
    expect(door.connections.size).toBeLessThanOrEqual(2)
    expect(broker.lost.aborted).toBe(false)
  })

  it('of the other connection still end in order where one is lost', async () => {
    await broker.declare(acme)
    publish('1')
    const { handlers, took } = receiver()
    await broker.consume(queue, 1, handlers)
    const [message] = await took(1)
    const absent = { ...queue, name: 'absent' }
    await expect(broker.consume(absent, 1, handlers, true)).rejects.toMatchObject({
      code: 'consume-refused',
    })
    expect(broker.lost.reason).toMatchObject({ code: 'broker-lost' })
    await broker.stopConsuming()
    expect(server.model.queues.get(acme.queue)?.takers()).toEqual([])
    message?.acknowledge()
    await broker.close()
    expect(server.model.bodies(acme.queue)).toEqual([])
  })
})

describe('the loss of a broker', () => {
  const lost = () => new Promise((resolve) => broker.lost.addEventListener('abort', resolve))

  it('is told with its reason', async () => {
    const aborted = lost()
    door.cut()
    await aborted
    expect(broker.lost.reason).toMatchObject({ code: 'broker-lost', retryable: true })
    await broker.stopConsuming()
  })

  it('is that of the connection for backlogs, too', async () => {
    await broker.declare(acme)
    await broker.consume(queue, 1, receiver().handlers, true)
    const aborted = lost()
    const [, second] = door.connections
    second?.destroy()
    await aborted
    // The other one is closed in order.
    await broker.close()
    expect(methods().at(-1)).toBe('ConnectionClose')
  })

  it('is none where a call is refused, or handshakes are', async () => {
    server.before = ({ method }) => {
      if (method === 'ExchangeDeclare') throw new Refusal(403, 'ACCESS_REFUSED - test')
    }
    await expect(broker.declare(acme)).rejects.toMatchObject({ code: 'not-declared' })
    const handler = { onMessage: () => undefined, onUnreadable: () => undefined }
    await expect(broker.handshakes.join('acme', handler)).rejects.toMatchObject({
      code: 'handshake-refused',
    })
    expect(broker.lost.aborted).toBe(false)
    expect(await broker.count('absent')).toBeUndefined()
  })
})

describe('an alarm of the broker', () => {
  it('is told of both connections, with its reason, and its end', async () => {
    const told = receiverOf<string | undefined>()
    broker.onBlocked(told.receive)
    const handler = { onMessage: () => undefined, onUnreadable: () => undefined }
    await broker.handshakes.join('acme', handler)
    server.tell('ConnectionBlocked', { reason: 'low on memory' })
    expect(await told.came(2)).toEqual(['low on memory', 'low on memory'])
    server.tell('ConnectionUnblocked')
    expect((await told.came(4)).slice(2)).toEqual([undefined, undefined])
  })
})

function receiverOf<Received>() {
  const received: Received[] = []
  let onReceived = () => {}
  return {
    receive(one: Received) {
      received.push(one)
      onReceived()
    },
    came: (count: number) =>
      new Promise<Received[]>((resolve) => {
        onReceived = () => {
          if (received.length >= count) resolve(received)
        }
        onReceived()
      }),
  }
}

describe('the end', () => {
  it('is one of all connections', async () => {
    await broker.declare(acme)
    await broker.consume(queue, 1, receiver().handlers, true)
    const handler = { onMessage: () => undefined, onUnreadable: () => undefined }
    await broker.handshakes.join('acme', handler)
    expect(door.connections.size).toBe(3)
    await broker.close()
    expect(methods().filter((method) => method === 'ConnectionClose')).toHaveLength(3)
    expect(broker.lost.aborted).toBe(false)
  })
})
