import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createChannel, type ServerChannel } from './channel.ts'
import {
  type Fields,
  type Frame,
  frameMax,
  framesIn,
  idOf,
  isMethod,
  method,
  methodInfo,
} from './frames.ts'
import { type BrokerModel, createModel } from './model.ts'
import { Refusal } from './refusal.ts'

/** A method that a client calls, by amqplib's name for it. */
export interface Call {
  readonly method: string
  readonly fields: Fields
}

export interface AmqpServer {
  readonly url: string
  readonly model: BrokerModel
  /** Of RabbitMQ, as it is told to whoever connects. */
  version: string
  /** What the clients called so far, in order. */
  readonly calls: Call[]
  /** The connections that are open. */
  readonly connections: ReadonlySet<Socket>
  /** Asked before each call: it refuses one by throwing a Refusal, and leaves one unanswered with false. */
  before: (call: Call) => unknown
  /** Told after each call. */
  after: (call: Call) => void
  /** The next call of this method, once it is done. */
  next(name: string): Promise<Call>
  /** Decides whether a message is kept; what is not kept is not confirmed. */
  isKept: (exchange: string, body: Buffer) => boolean
  /** One more address of the same broker, whose connections can be cut by themselves. */
  door(): Promise<Door>
  /** Sends a method to all connections, as an alarm of the broker does. */
  tell(name: string, fields?: Fields): void
  close(): Promise<void>
}

export interface Door {
  readonly url: string
  readonly connections: ReadonlySet<Socket>
  /** Ends its connections as the death of their process does. */
  cut(): void
}

/** A broker in memory that speaks AMQP 0-9-1 to amqplib. The contract of brokers holds it (broker-contract.ts). */
export async function startAmqpServer(): Promise<AmqpServer> {
  const model = createModel()
  const calls: Call[] = []
  const open: Set<Socket> = new Set()
  const closing: (() => Promise<void>)[] = []
  let waiting: { readonly name: string; readonly resolve: (call: Call) => void }[] = []
  const first = await door()
  const server: AmqpServer = {
    url: first.url,
    model,
    version: '3.10.8',
    calls,
    connections: open,
    before: () => undefined,
    after: () => undefined,
    next: (name) => new Promise((resolve) => waiting.push({ name, resolve })),
    isKept: () => true,
    door,
    tell(name, fields) {
      for (const socket of open) socket.write(method(name, 0, fields))
    },
    async close() {
      await Promise.all(closing.map((each) => each()))
    },
  }
  return server

  async function door(): Promise<Door> {
    const own = new Set<Socket>()
    const listener = createServer((socket) => {
      open.add(socket)
      own.add(socket)
      const connection = createConnection(socket, model, {
        version: server.version,
        before(call) {
          calls.push(call)
          return server.before(call)
        },
        after(call) {
          server.after(call)
          waiting = waiting.filter(({ name, resolve }) => {
            if (name !== call.method) return true
            resolve(call)
            return false
          })
        },
        isKept: (exchange, body) => server.isKept(exchange, body),
      })
      socket.setNoDelay(true)
      socket.on('data', connection.read)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        own.delete(socket)
        connection.end()
      })
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    closing.push(async () => {
      for (const socket of own) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    })
    const { port } = listener.address() as AddressInfo
    return {
      url: `amqp://guest:guest@127.0.0.1:${port}`,
      connections: own,
      cut() {
        for (const socket of own) socket.destroy()
      },
    }
  }
}

type Rules = Pick<AmqpServer, 'version' | 'before' | 'after' | 'isKept'>

/** The broker's end of a connection. */
function createConnection(socket: Socket, model: BrokerModel, rules: Rules) {
  const identity = {}
  const channels = new Map<number, ServerChannel>()
  /** Channels that the broker has closed, until the client says that it knows. */
  const refused = new Set<number>()
  /** A message whose content is still coming, by its channel. */
  const coming = new Map<number, { fields: Fields; header?: Frame; parts: Buffer[] }>()
  let bytes: Buffer = Buffer.alloc(0)
  let hasGreeted = false
  let hasEnded = false
  const write = (data: Buffer) => void (socket.writable && socket.write(data))
  const say = (name: string, channel: number, fields?: Fields) =>
    write(method(name, channel, fields))

  return { read, end }

  function read(data: Buffer): void {
    bytes = Buffer.concat([bytes, data])
    if (!hasGreeted) {
      if (bytes.length < 8) return
      hasGreeted = true
      bytes = bytes.subarray(8)
      say('ConnectionStart', 0, {
        serverProperties: { product: 'double', version: rules.version },
        mechanisms: Buffer.from('PLAIN'),
        locales: Buffer.from('en_US'),
      })
    }
    const { frames, rest } = framesIn(bytes)
    bytes = rest
    for (const frame of frames) if (!hasEnded) take(frame)
  }

  function take(frame: Frame): void {
    if (frame.channel === 0) administer(frame)
    else if (isMethod(frame)) takeMethod(frame)
    else if (!refused.has(frame.channel)) takeContent(frame)
  }

  function administer({ id, fields = {} }: Frame): void {
    // A heartbeat.
    if (id === undefined) return
    const { name } = methodInfo(id)
    const answers: Record<string, () => void> = {
      ConnectionStartOk: () =>
        say('ConnectionTune', 0, { channelMax: 2047, frameMax, heartbeat: 60 }),
      ConnectionOpen: () => say('ConnectionOpenOk', 0),
      ConnectionClose() {
        say('ConnectionCloseOk', 0)
        end()
        socket.end()
      },
      ConnectionCloseOk: () => void socket.end(),
    }
    guarded(0, name, fields, () => answers[name]?.())
  }

  function takeMethod({ id, channel, fields = {} }: Frame): void {
    const { name } = methodInfo(id as number)
    if (refused.has(channel)) {
      if (name === 'ChannelCloseOk') refused.delete(channel)
      // Both ends closed it at once.
      if (name === 'ChannelClose') say('ChannelCloseOk', channel)
      return
    }
    if (name === 'BasicPublish') return void coming.set(channel, { fields, parts: [] })
    guarded(channel, name, fields, () => {
      if (name === 'ChannelOpen') {
        const { isKept } = rules
        const made = { number: channel, connection: identity, model, write, isKept }
        channels.set(channel, createChannel(made))
        say('ChannelOpenOk', channel)
      } else if (name === 'ChannelClose') {
        endChannel(channel)
        say('ChannelCloseOk', channel)
      } else channels.get(channel)?.call(name, fields)
    })
  }

  function takeContent(frame: Frame): void {
    const message = coming.get(frame.channel)
    if (message === undefined) return
    if (frame.content) message.parts.push(frame.content)
    else message.header = frame
    const body = Buffer.concat(message.parts)
    const { header, fields } = message
    if (header === undefined || body.length < Number(header.size)) return
    coming.delete(frame.channel)
    guarded(frame.channel, 'BasicPublish', fields, () => {
      channels.get(frame.channel)?.publish(fields, header.fields ?? {}, body)
    })
  }

  function guarded(channel: number, name: string, fields: Fields, work: () => void): void {
    const call = { method: name, fields }
    try {
      if (rules.before(call) === false) return
      work()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refuse(channel, name, error)
    }
    rules.after(call)
  }

  function refuse(channel: number, name: string, refusal: Refusal): void {
    const { code, message, isHard, blamed } = refusal
    const { classId, methodId } = methodInfo(idOf(blamed ?? name))
    const fields = { replyCode: code, replyText: message, classId, methodId }
    if (isHard || channel === 0) {
      say('ConnectionClose', 0, fields)
      end()
      return
    }
    endChannel(channel)
    refused.add(channel)
    say('ChannelClose', channel, fields)
  }

  function endChannel(number: number): void {
    channels.get(number)?.end()
    channels.delete(number)
    coming.delete(number)
  }

  function end(): void {
    if (hasEnded) return
    hasEnded = true
    for (const number of [...channels.keys()]) endChannel(number)
    const own = [...model.queues.values()].filter(({ options }) => options.owner === identity)
    for (const { name } of own) model.deleteQueue(name)
  }
}
