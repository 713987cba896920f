import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { open } from '../../../lib/amqp/connection.ts'
import { openHandshakeChannel } from '../../../lib/amqp/handshake-channel.ts'
import { createHandshakeHub } from '../../../lib/amqp/handshake-hub.ts'
import type { Log } from '../../../lib/log.ts'
import type { HandshakeMessage } from '../../../lib/records/messages.ts'
import { accessRefused } from '../../support/amqp-server/refusal.ts'
import { type AmqpServer, startAmqpServer } from '../../support/amqp-server/server.ts'

let server: AmqpServer
beforeEach(async () => {
  server = await startAmqpServer()
})
afterEach(() => server.close())

const tenant = 'acme'
const exchange = 'tenant.acme.record-events'
const source = { id: 'emodel', instanceId: 'i1' }
const started: HandshakeMessage = {
  ...{ version: 1, sequence: 1, kind: 'source.started', source, replyTo: 'answers' },
}
const withdrawn: HandshakeMessage = {
  ...{ version: 1, sequence: 2, kind: 'listener.withdrawn', listener: source },
}

/** Notes what came; `came` resolves to so many. */
function receiver<Received>() {
  const received: Received[] = []
  let onReceived = () => {}
  return {
    received,
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

const publish = (routingKey: string, body: unknown, to = exchange) =>
  server.model.publish({
    ...{ exchange: to, routingKey, properties: {} },
    content: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  })

describe('the channel of a participant', () => {
  const log = () => {
    const warn = jest.fn()
    return { warn, log: { warn } as unknown as Log }
  }
  const openFor = (peers: 'listener' | 'source', to = log()) =>
    openHandshakeChannel(server.url, tenant, peers, to.log)

  it('receives what its peers broadcast, and not what its own kind does', async () => {
    const channel = await openFor('source')
    publish('listener.withdrawn', withdrawn)
    publish('source.started', started)
    const { receive, came, received } = receiver<HandshakeMessage>()
    await channel.consume(receive)
    publish('', { ...started, sequence: 7 }, '')
    publish(channel.ownQueue, { ...started, sequence: 8 }, '')
    await came(2)
    // Nothing waits for an acknowledgement.
    const consumed = server.calls.find(({ method }) => method === 'BasicConsume')
    expect(consumed?.fields).toMatchObject({ noAck: true })
    // What was broadcast before it consumed is there, too.
    expect(received).toEqual([started, { ...started, sequence: 8 }])
  })

  it('ignores what it can not read, and says so without its content', async () => {
    const { warn, log: to } = log()
    const channel = await openHandshakeChannel(server.url, tenant, 'source', to)
    const { receive, came } = receiver<HandshakeMessage>()
    await channel.consume(receive)
    publish('source.started', 'geheim')
    publish('source.started', started)
    await came(1)
    expect(warn.mock.calls).toEqual([
      [
        'An unreadable handshake message was ignored',
        { tenant, reason: 'Invalid handshake message: it is not JSON' },
      ],
    ])
  })

  it('needs an exchange that outlives the broker, and a queue that does not outlive it', async () => {
    const channel = await openFor('listener')
    expect(server.model.exchanges.get(exchange)).toMatchObject({ type: 'topic', durable: true })
    expect(server.model.queues.get(channel.ownQueue)?.options).toMatchObject({ autoDelete: true })
    await channel.close()
    await channel.close()
    expect(server.model.queues.has(channel.ownQueue)).toBe(false)
  })

  it('broadcasts by the kind, and answers one alone', async () => {
    const [listener, own] = [await openFor('source'), await openFor('listener')]
    const { receive, came } = receiver<HandshakeMessage>()
    await listener.consume(receive)
    await own.broadcast(started)
    await own.answer(listener.ownQueue, { ...started, sequence: 2 })
    expect(await came(2)).toEqual([started, { ...started, sequence: 2 }])
    // One that is gone is no fault.
    await own.answer('gone', started)
    const published = server.calls.filter(({ method }) => method === 'BasicPublish')
    expect(published.map(({ fields }) => fields)).toMatchObject([
      { exchange, routingKey: 'source.started', mandatory: false },
      { exchange: '', routingKey: listener.ownQueue, mandatory: true },
      { exchange: '', routingKey: 'gone', mandatory: true },
    ])
  })

  it('sends an event, whole, to a queue that is there, and knows of one that is not', async () => {
    const channel = await openFor('listener')
    const event = { id: 'e1', type: 'record-changed', time: 1_764_028_800_999 }
    server.model.declareQueue('its', { durable: true, autoDelete: false, args: {} })
    const body = Buffer.from('{"a":1}')
    expect(await channel.send('its', { ...event, body })).toBe('kept')
    expect(await channel.send('gone', { ...event, body })).toBe('no-queue')
    expect(await channel.send('its', { ...event, body })).toBe('kept')
    const [message] = server.model.queues.get('its')?.ready() ?? []
    expect(message?.properties).toMatchObject({
      ...{ contentType: 'application/json', contentEncoding: 'utf-8' },
      ...{ type: 'record-changed', messageId: 'e1', timestamp: 1_764_028_800, deliveryMode: 2 },
    })
    expect(server.model.bodies('its')).toEqual(['{"a":1}', '{"a":1}'])
  })

  it('tells of several events at once which had no queue', async () => {
    const channel = await openFor('listener')
    server.model.declareQueue('its', { durable: true, autoDelete: false, args: {} })
    const event = { id: 'e1', type: 'record-changed', time: 0, body: Buffer.from('{}') }
    const to = ['its', 'gone', 'its', 'gone']
    const sent = await Promise.all(to.map((queue) => channel.send(queue, event)))
    expect(sent).toEqual(['kept', 'no-queue', 'kept', 'no-queue'])
  })

  it('says what the broker did not keep', async () => {
    const channel = await openFor('listener')
    server.isKept = () => false
    await expect(channel.broadcast(started)).rejects.toMatchObject({
      code: 'not-kept',
      message: expect.stringMatching(/^The broker did not keep a message: /),
      retryable: true,
    })
  })

  it('describes a handshake by its properties', async () => {
    const channel = await openFor('listener')
    server.model.declareQueue('its', { durable: true, autoDelete: false, args: {} })
    await channel.answer('its', started)
    await channel.answer('its', started)
    const properties = server.model.queues
      .get('its')
      ?.ready()
      .map((message) => message.properties)
    expect(properties?.[0]).toMatchObject({ contentType: 'application/json', type: started.kind })
    expect(properties?.[0]?.['messageId']).toMatch(/^[0-9a-f-]{36}$/)
    expect(properties?.[0]?.['messageId']).not.toBe(properties?.[1]?.['messageId'])
  })

  it.each(['its queue is gone', 'its channel is lost', 'its connection is lost'])(
    'is lost where %s',
    async (how) => {
      const channel = await openFor('source')
      await channel.consume(() => undefined)
      const lost = new Promise((resolve) => channel.lost.addEventListener('abort', resolve))
      expect(channel.lost.aborted).toBe(false)
      if (how === 'its queue is gone') server.model.deleteQueue(channel.ownQueue)
      else if (how === 'its connection is lost') {
        for (const socket of server.connections) socket.destroy()
      } else {
        server.before = ({ method }) => {
          if (method === 'BasicPublish') throw accessRefused('write access')
        }
        await expect(channel.broadcast(started)).rejects.toMatchObject({ code: 'not-kept' })
      }
      await lost
      expect(channel.lost.reason).toMatchObject({ code: 'broker-lost', retryable: true })
      await channel.close()
    },
  )

  it('is refused to a user without permissions, and leaves no connection', async () => {
    server.before = ({ method }) => {
      if (method === 'ExchangeDeclare') throw accessRefused('configure access')
    }
    await expect(openFor('source')).rejects.toMatchObject({
      code: 'handshake-refused',
      message: expect.stringMatching(
        /^Tenant acme: the exchange tenant\.acme\.record-events can't be used: .*ACCESS_REFUSED/,
      ),
      retryable: true,
    })
    expect(server.calls.at(-1)?.method).toBe('ConnectionClose')
  })
})

describe('the hub of many tenants', () => {
  function start() {
    const connected = jest.fn(() => open(server.url))
    const hub = createHandshakeHub(connected)
    const join = async (id: string) => {
      const messages = receiver<HandshakeMessage>()
      const unreadable = receiver<unknown>()
      const handler = { onMessage: messages.receive, onUnreadable: unreadable.receive }
      await hub.join(id, handler)
      return { messages, unreadable }
    }
    return { hub, connected, join }
  }
  const exchangeOf = (id: string) => `tenant.${id}.record-events`

  it('needs no connection before its first tenant', async () => {
    const { connected, join } = start()
    expect(connected).not.toHaveBeenCalled()
    await Promise.all(['a', 'b', 'c'].map(join))
    expect(connected).toHaveBeenCalledTimes(1)
    const queues = [...server.model.queues.values()]
    expect(queues).toHaveLength(1)
    expect(queues[0]?.options.autoDelete).toBe(true)
    // Nobody else reads it, and nothing waits for an acknowledgement.
    expect(queues[0]?.options.owner).toBeDefined()
    const consumed = server.calls.find(({ method }) => method === 'BasicConsume')
    expect(consumed?.fields).toMatchObject({ noAck: true })
    expect(server.model.exchanges.get(exchangeOf('a'))).toMatchObject({
      ...{ type: 'topic', durable: true },
    })
  })

  it('tells the tenant by the exchange alone', async () => {
    const { join } = start()
    const [a, b] = [await join('a'), await join('b')]
    publish('source.started', { ...started, tenant: 'a' }, exchangeOf('b'))
    expect(await b.messages.came(1)).toEqual([started])
    publish('source.started', started, exchangeOf('a'))
    await a.messages.came(1)
    expect([a.messages.received.length, b.messages.received.length]).toEqual([1, 1])
  })

  it('hears no listeners, nor what comes by no exchange', async () => {
    const { join } = start()
    const a = await join('a')
    const [queue] = [...server.model.queues.keys()] as [string]
    publish('listener.withdrawn', withdrawn, exchangeOf('a'))
    publish(queue, { ...started, sequence: 3 }, '')
    publish('source.started', started, exchangeOf('a'))
    expect(await a.messages.came(1)).toEqual([started])
  })

  it('tells whose message can not be read', async () => {
    const { join } = start()
    const a = await join('a')
    publish('source.started', '{', exchangeOf('a'))
    expect(await a.unreadable.came(1)).toMatchObject([{ code: 'invalid-handshake' }])
    expect(a.messages.received).toEqual([])
  })

  it('binds a tenant once, and hands what comes to its last handler', async () => {
    const { join } = start()
    const first = await join('a')
    const second = await join('a')
    expect(server.calls.filter(({ method }) => method === 'QueueBind')).toHaveLength(1)
    publish('source.started', started, exchangeOf('a'))
    await second.messages.came(1)
    expect(first.messages.received).toEqual([])
  })

  it('broadcasts and answers', async () => {
    const { hub } = start()
    server.model.declareExchange(exchangeOf('a'), { type: 'topic', durable: true })
    server.model.declareQueue('its', { durable: true, autoDelete: false, args: {} })
    server.model.bind({
      ...{ source: exchangeOf('a'), kind: 'queue', to: 'its', key: 'listener.*' },
    })
    await hub.broadcast('a', withdrawn)
    await hub.answer('its', started)
    expect(server.model.bodies('its').map((body) => JSON.parse(body))).toEqual([withdrawn, started])
  })

  it('says of which tenant the exchange can not be used, and keeps the others', async () => {
    const { join } = start()
    const a = await join('a')
    server.before = ({ fields }) => {
      if (fields['exchange'] === exchangeOf('b')) throw accessRefused('configure access')
    }
    await expect(join('b')).rejects.toMatchObject({
      code: 'handshake-refused',
      message: expect.stringMatching(
        /^Tenant b: the exchange tenant\.b\.record-events can't be used/,
      ),
      retryable: true,
    })
    publish('source.started', started, exchangeOf('a'))
    await a.messages.came(1)
    // It is tried again.
    server.before = () => undefined
    const b = await join('b')
    publish('source.started', started, exchangeOf('b'))
    await b.messages.came(1)
  })

  it.each(['queue', 'channel', 'connection'])(
    'begins anew for all tenants where its %s is lost',
    async (what) => {
      const { hub, connected, join } = start()
      await join('a')
      const [queue] = [...server.model.queues.keys()] as [string]
      const gone = new Promise<void>((resolve) => {
        server.after = ({ method }) => {
          if (method === 'ChannelClose') resolve()
        }
        if (what === 'connection') for (const one of server.connections) one.on('close', resolve)
      })
      const [connection] = await Promise.all(connected.mock.results.map(({ value }) => value))
      const open = connection as unknown as ChannelModel
      if (what === 'queue') {
        server.model.deleteQueue(queue)
        await gone
        // The answer to this comes after the one to the closing.
        await open.createChannel()
      } else if (what === 'channel') {
        // Nobody has this exchange.
        await expect(hub.broadcast('absent', started)).rejects.toMatchObject({ code: 'not-kept' })
      } else {
        const ended = new Promise((resolve) => open.on('close', resolve))
        for (const socket of server.connections) socket.destroy()
        await Promise.all([gone, ended])
      }
      const again = await join('a')
      // What is refused costs its channel, and not the connection, on which others publish.
      expect(server.connections.size).toBe(what === 'connection' ? 1 : 2)
      expect(server.model.queues.has(queue)).toBe(false)
      publish('source.started', started, exchangeOf('a'))
      expect(await again.messages.came(1)).toEqual([started])
    },
  )

  it('tries again after it could not be opened', async () => {
    const { join, connected } = start()
    connected.mockRejectedValueOnce(new Error('no route to host'))
    await expect(join('a')).rejects.toThrow('no route to host')
    const a = await join('a')
    publish('source.started', started, exchangeOf('a'))
    await a.messages.came(1)
  })
})
