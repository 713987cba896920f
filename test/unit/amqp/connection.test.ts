import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { createBacklogConsumers } from '../../../lib/amqp/backlog-connection.ts'
import { endConnection, hostOf, open } from '../../../lib/amqp/connection.ts'
import type { Consumers } from '../../../lib/amqp/consumers.ts'
import { createPublishingConnection } from '../../../lib/amqp/publishing-connection.ts'
import { createQueueCounter } from '../../../lib/amqp/queue-counts.ts'
import type { BridgeQueue } from '../../../lib/bridge/bridge-queue.ts'
import { locked, Refusal } from '../../support/amqp-server/refusal.ts'
import { type AmqpServer, startAmqpServer } from '../../support/amqp-server/server.ts'

let server: AmqpServer
beforeEach(async () => {
  server = await startAmqpServer()
})
afterEach(() => server.close())

const fieldsOf = (name: string) =>
  server.calls.filter(({ method }) => method === name).map(({ fields }) => fields)
const classic = { durable: true, autoDelete: false, args: {} }

/** Ends all connections, as a broker that dies does. */
async function cut(): Promise<void> {
  const closed = [...server.connections].map(
    (socket) => new Promise<void>((resolve) => socket.on('close', () => resolve())),
  )
  for (const socket of server.connections) socket.destroy()
  await Promise.all(closed)
}

describe('a connection', () => {
  it('has a name, and a heartbeat of ten seconds unless its address says otherwise', async () => {
    await open(server.url)
    await open(`${server.url}/?heartbeat=7`)
    await open(`${server.url}/?frameMax=8192`)
    await open(`${server.url}/?frameMax=8192&heartbeat=8`)
    expect(fieldsOf('ConnectionTuneOk').map(({ heartbeat }) => heartbeat)).toEqual([10, 7, 10, 8])
    expect(
      fieldsOf('ConnectionTuneOk')
        .map(({ frameMax }) => frameMax)
        .slice(2),
    ).toEqual([8192, 8192])
    expect(fieldsOf('ConnectionStartOk')[0]).toMatchObject({
      clientProperties: { connection_name: 'ecos-eventbridge' },
    })
  })

  it('keeps numbers in headers exact, beyond those of JavaScript', async () => {
    const connection = await open(server.url)
    const channel = await connection.createChannel()
    server.model.declareQueue('q', classic)
    const headers = { big: { '!': 'int64', value: '9007199254740993' } }
    const message = { exchange: '', routingKey: 'q', content: Buffer.from('1') }
    server.model.publish({ ...message, properties: { headers } })
    expect(await channel.get('q')).toMatchObject({ properties: { headers } })
  })

  it('that can not be had names the host, and never the password', async () => {
    await server.close()
    const url = server.url.replace('guest:guest', 'bridge:geheim')
    const { host } = new URL(url)
    await expect(open(url)).rejects.toMatchObject({
      code: 'broker-unreachable',
      message: expect.stringMatching(`^RabbitMQ at ${host} can't be reached: (?!.*geheim)`),
      retryable: true,
      cause: { code: 'ECONNREFUSED' },
    })
  })

  it('that is refused at the door is unreachable, too', async () => {
    server.before = ({ method }) => {
      if (method === 'ConnectionStartOk') throw new Refusal(403, 'ACCESS_REFUSED - login refused')
    }
    await expect(open(server.url)).rejects.toMatchObject({
      code: 'broker-unreachable',
      message: expect.stringContaining('login refused'),
      retryable: true,
    })
  })

  it('without TLS takes no CA, which would not protect it', async () => {
    await expect(open(server.url, 'PEM')).rejects.toMatchObject({
      code: 'broker-not-trusted',
      message: expect.stringMatching(/is not trusted: a CA is set, but amqp:\/\/ has no TLS/),
      retryable: false,
    })
    expect(server.calls).toEqual([])
  })

  it('with TLS, to a port that speaks none, says which port does', async () => {
    const mute = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', () => void socket.destroy())
      socket.write('AMQP\0\0\x09\x01')
    })
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as { port: number }
    await expect(open(`amqps://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'broker-not-trusted',
      message: expect.stringMatching(
        /is not trusted: TLS failed \(.+\): amqps:\/\/ is for the port .* 5671$/,
      ),
      retryable: false,
      cause: { code: expect.stringMatching(/^ERR_SSL_/) },
    })
    mute.close()
  })

  it('that the broker ends costs no process, and its calls fail', async () => {
    const connection = await open(server.url)
    const channel = await connection.createChannel()
    await cut()
    await expect(channel.checkQueue('q')).rejects.toThrow()
  })

  it('ends after what is still to be done, and answers nobody any more', async () => {
    const connection = await open(server.url)
    server.calls.length = 0
    const channel = await connection.createChannel()
    await endConnection(connection, () => channel.close())
    expect(server.calls.map(({ method }) => method)).toEqual([
      'ChannelOpen',
      'ChannelClose',
      'ConnectionClose',
    ])
    const { stream } = connection.connection as unknown as { stream: { destroyed: boolean } }
    expect(stream.destroyed).toBe(true)
  })

  it('that is cut at its end leaves nothing that keeps the process', async () => {
    const connection = await open(server.url)
    const closed = jest.fn()
    connection.on('close', closed)
    await endConnection(connection, async () => Promise.reject(new Error('the channel is lost')))
    await new Promise(setImmediate)
    // Amqplib stops its heartbeat then.
    expect(closed).toHaveBeenCalledTimes(1)
  })

  it('ends also where the broker is gone, or what was to be done fails', async () => {
    const [lost, other] = [await open(server.url), await open(server.url)]
    await endConnection(other, async () => Promise.reject(new Error('the channel is lost')))
    await cut()
    await endConnection(lost)
    for (const { connection } of [lost, other]) {
      expect((connection as unknown as { stream: { destroyed: boolean } }).stream.destroyed).toBe(
        true,
      )
    }
  })
})

it('a host is shown with its port, and an address that is none as what is expected', () => {
  expect(hostOf('amqp://bridge:geheim@mq.example:5671/cell')).toBe('mq.example:5671')
  expect(hostOf('amqps://mq.example')).toBe('mq.example')
  expect(hostOf('geheim')).toBe('an invalid URL (expected amqp://user:password@host:port/vhost)')
  expect(hostOf('amqp:geheim')).toMatch(/^an invalid URL/)
})

describe('the connection that publishes', () => {
  it('is opened when it is needed, once for all', async () => {
    const publishing = createPublishingConnection(server.url)
    await new Promise(setImmediate)
    expect(server.calls).toEqual([])
    const [first, second] = await Promise.all([publishing.opened(), publishing.opened()])
    expect(first).toBe(second)
    expect(fieldsOf('ConnectionOpen')).toHaveLength(1)
    await publishing.close()
    expect(fieldsOf('ConnectionClose')).toHaveLength(1)
  })

  it('is opened again after it is lost', async () => {
    const publishing = createPublishingConnection(server.url)
    const first = await publishing.opened()
    const closed = new Promise((resolve) => first.on('close', resolve))
    await cut()
    await closed
    const second = await publishing.opened()
    expect(second).not.toBe(first)
    await second.createChannel()
    await publishing.close()
    expect(fieldsOf('ConnectionClose')).toHaveLength(1)
  })

  it('that is lost and not needed again needs no end', async () => {
    const publishing = createPublishingConnection(server.url)
    const first = await publishing.opened()
    const closed = new Promise((resolve) => first.on('close', resolve))
    await cut()
    await closed
    await publishing.close()
    expect(fieldsOf('ConnectionClose')).toEqual([])
  })

  it('is tried again after it failed', async () => {
    const publishing = createPublishingConnection(server.url)
    server.before = ({ method }) => {
      if (method === 'ConnectionOpen') throw new Refusal(530, 'NOT_ALLOWED - no such vhost')
    }
    await expect(publishing.opened()).rejects.toMatchObject({ code: 'broker-unreachable' })
    server.before = () => undefined
    await (await publishing.opened()).createChannel()
  })

  it('that was being opened at the end is closed as well', async () => {
    const publishing = createPublishingConnection(server.url)
    const opening = publishing.opened()
    await publishing.close()
    await opening
    expect(fieldsOf('ConnectionClose')).toHaveLength(1)
  })

  it('tells that the broker blocks it, why, and until when', async () => {
    const publishing = createPublishingConnection(server.url)
    const told = [jest.fn(), jest.fn()]
    for (const listener of told) publishing.onBlocked(listener)
    const connection = await publishing.opened()
    const events = ['blocked', 'unblocked'].map(
      (event) => new Promise((resolve) => connection.on(event, resolve)),
    )
    server.tell('ConnectionBlocked', { reason: 'low on memory' })
    server.tell('ConnectionUnblocked')
    await Promise.all(events)
    for (const listener of told) {
      expect(listener.mock.calls).toEqual([['low on memory'], [undefined]])
    }
  })
})

describe('counts of queues', () => {
  beforeEach(() => {
    server.model.declareQueue('q', classic)
    const message = { exchange: '', routingKey: 'q', properties: {} }
    for (const body of ['1', '2']) server.model.publish({ ...message, content: Buffer.from(body) })
  })

  it('go over one connection', async () => {
    const counter = createQueueCounter(server.url)
    expect(await Promise.all(['q', 'absent', 'q'].map(counter.count))).toEqual([2, undefined, 2])
    expect(fieldsOf('ConnectionOpen')).toHaveLength(1)
    await counter.close()
    expect(fieldsOf('ConnectionClose')).toHaveLength(1)
    expect(server.model.bodies('q')).toEqual(['1', '2'])
  })

  it('go over another one where it was lost', async () => {
    const counter = createQueueCounter(server.url)
    await counter.count('q')
    await cut()
    // Whether the loss was noticed yet or not.
    await counter.count('q').catch(() => undefined)
    expect(await counter.count('q')).toBe(2)
    await counter.close()
  })

  it('are had once the broker is there again', async () => {
    const counter = createQueueCounter(server.url)
    server.before = ({ method }) => {
      if (method === 'ConnectionOpen') throw new Refusal(530, 'NOT_ALLOWED - no such vhost')
    }
    await expect(counter.count('q')).rejects.toMatchObject({ code: 'broker-unreachable' })
    server.before = () => undefined
    expect(await counter.count('q')).toBe(2)
    await counter.close()
  })

  it('are none where the broker refuses to tell', async () => {
    const counter = createQueueCounter(server.url)
    server.before = ({ method }) => {
      if (method === 'QueueDeclare') throw locked('q')
    }
    await expect(counter.count('q')).rejects.toMatchObject({ code: 405 })
    await counter.close()
  })

  it('that were never asked for, or failed, leave nothing to close', async () => {
    await createQueueCounter(server.url).close()
    expect(server.calls).toEqual([])
    const counter = createQueueCounter(server.url)
    await server.close()
    const failing = counter.count('q')
    await counter.close()
    await expect(failing).rejects.toMatchObject({ code: 'broker-unreachable' })
    await counter.close()
  })

  it('that are closed twice are closed', async () => {
    const counter = createQueueCounter(server.url)
    await counter.count('q')
    await counter.close()
    await counter.close()
  })
})

describe('a backlog', () => {
  const queue = { name: 'q', owner: 'acme' } as BridgeQueue
  const handlers = { onMessage: () => undefined, onGone: () => undefined }

  function start() {
    server.model.declareQueue('q', classic)
    const fallback = { consume: jest.fn() }
    const lose = jest.fn()
    const connected = jest.fn(() => open(server.url))
    const consumers = fallback as Partial<Consumers> as Consumers
    return {
      lose,
      fallback,
      connected,
      backlogs: createBacklogConsumers(connected, consumers, lose),
    }
  }

  it('is consumed over a second connection, which all backlogs share', async () => {
    const { backlogs, connected, fallback } = start()
    await Promise.all([1, 2].map((prefetch) => backlogs.consume(queue, prefetch, handlers)))
    expect(connected).toHaveBeenCalledTimes(1)
    expect(fallback.consume).not.toHaveBeenCalled()
    expect(server.model.queues.get('q')?.takers()).toHaveLength(2)
    await backlogs.stop()
    expect(server.model.queues.get('q')?.takers()).toHaveLength(0)
    await backlogs.close()
    expect(server.calls.slice(-3).map(({ method }) => method)).toEqual([
      'ChannelClose',
      'ChannelClose',
      'ConnectionClose',
    ])
  })

  it('that is refused is told as the loss of its channel', async () => {
    const { backlogs, lose } = start()
    await expect(backlogs.consume({ ...queue, name: 'absent' }, 1, handlers)).rejects.toMatchObject(
      { code: 'consume-refused' },
    )
    expect(lose).toHaveBeenCalledWith(expect.objectContaining({ code: 404 }))
    await backlogs.close()
  })

  it('is lost with its connection, with the reason', async () => {
    const { backlogs, lose, connected } = start()
    await backlogs.consume(queue, 1, handlers)
    const [connection] = await Promise.all(connected.mock.results.map(({ value }) => value))
    const closed = new Promise((resolve) => (connection as ChannelModel).on('close', resolve))
    await cut()
    await closed
    expect(lose.mock.calls[0]).toMatchObject([
      { message: expect.stringMatching(/close|ECONNRESET/) },
    ])
    await backlogs.stop()
    await backlogs.close()
  })
})
