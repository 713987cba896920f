import { content as contentFrames, type Fields, method } from './frames.ts'
import type { Binding, BrokerModel } from './model.ts'
import type { Queue, Stored, Taker } from './queue.ts'
import { accessRefused, notImplemented, preconditionFailed } from './refusal.ts'

export interface ServerChannel {
  call(name: string, fields: Fields): void
  publish(fields: Fields, properties: Fields, body: Buffer): void
  /** Its consumers are gone, and what they have not settled returns. */
  end(): void
}

interface Delivery {
  readonly message: Stored
  readonly queue: Queue
  readonly taker?: Taker
}

interface ChannelOptions {
  readonly number: number
  /** Stands for the connection that has a queue for itself alone. */
  readonly connection: object
  readonly model: BrokerModel
  readonly write: (bytes: Buffer) => void
  /** Why the broker does not keep a message that it confirms: a queue whose leader is away, say. */
  readonly isKept: (exchange: string, body: Buffer) => boolean
}

let names = 0

function freshName(kind: string): string {
  names += 1
  return `amq.${kind}-${names}`
}

/** A channel, as the broker sees it. */
export function createChannel(options: ChannelOptions): ServerChannel {
  const { number, connection, model, write, isKept } = options
  const deliveries = new Map<number, Delivery>()
  const consumers = new Map<string, { readonly queue: Queue; readonly taker: Taker }>()
  let lastTag = 0
  let prefetch = 0
  let confirmed: number | undefined
  const reply = (name: string, fields: Fields = {}) => write(method(name, number, fields))

  const methods: Record<string, (fields: Fields) => void> = {
    ExchangeDeclare(fields) {
      const { exchange: name, type, durable, passive, arguments: args } = fields
      if (passive) model.exchange(String(name))
      else {
        const alternate = (args as Fields)['alternate-exchange']
        const known = { type: String(type), durable: durable === true, alternate }
        model.declareExchange(String(name), known)
      }
      reply('ExchangeDeclareOk')
    },
    ExchangeDelete({ exchange, ifUnused }) {
      const isUsed = model.bindings.some(({ source }) => source === exchange)
      if (ifUnused && isUsed) throw preconditionFailed(`exchange '${exchange}' in use`)
      model.deleteExchange(String(exchange))
      reply('ExchangeDeleteOk')
    },
    ExchangeBind: (fields) => bound('ExchangeBindOk', model.bind, exchangeBinding(fields)),
    ExchangeUnbind: (fields) => bound('ExchangeUnbindOk', model.unbind, exchangeBinding(fields)),
    QueueBind(fields) {
      // One that another connection has for itself is refused.
      model.queue(String(fields['queue']), connection)
      bound('QueueBindOk', model.bind, queueBinding(fields))
    },
    QueueUnbind: (fields) => bound('QueueUnbindOk', model.unbind, queueBinding(fields)),
    QueueDeclare(fields) {
      const queue = fields['passive']
        ? model.queue(String(fields['queue']), connection)
        : declared(fields)
      const { length: messageCount } = queue.ready()
      const { length: consumerCount } = queue.takers()
      reply('QueueDeclareOk', { queue: queue.name, messageCount, consumerCount })
    },
    QueueDelete({ queue: name, ifEmpty, ifUnused }) {
      const queue = model.queues.get(String(name))
      if (queue?.isQuorum && (ifEmpty || ifUnused)) {
        throw notImplemented(`cannot delete queue '${name}': if-empty and if-unused`)
      }
      if (ifUnused && queue?.takers().length) throw preconditionFailed(`queue '${name}' in use`)
      if (ifEmpty && queue?.ready().length) throw preconditionFailed(`queue '${name}' not empty`)
      model.deleteQueue(String(name))
      reply('QueueDeleteOk', { messageCount: queue?.ready().length ?? 0 })
    },
    BasicQos({ prefetchCount }) {
      prefetch = Number(prefetchCount)
      reply('BasicQosOk')
    },
    BasicConsume: consume,
    BasicCancel({ consumerTag }) {
      const { queue, taker } = consumers.get(String(consumerTag)) ?? {}
      consumers.delete(String(consumerTag))
      reply('BasicCancelOk', { consumerTag })
      if (queue && taker) leave(queue, taker)
    },
    BasicGet({ queue: name, noAck }) {
      const queue = model.queue(String(name), connection)
      const message = queue.get()
      if (message === undefined) return reply('BasicGetEmpty')
      const { length: messageCount } = queue.ready()
      reply('BasicGetOk', { ...sent({ message, queue }, noAck === true), messageCount })
      write(contentFrames(number, properties(message, queue), message.content))
    },
    BasicAck: ({ deliveryTag, multiple }) => settle(deliveryTag, multiple, () => undefined),
    BasicNack({ deliveryTag, multiple, requeue }) {
      settle(deliveryTag, multiple, ({ queue, message }) => {
        if (requeue) queue.putBack(message)
        else queue.reject(message)
      })
    },
    ConfirmSelect() {
      confirmed ??= 0
      reply('ConfirmSelectOk')
    },
  }

  return {
    call(name, fields) {
      const handle = methods[name]
      if (handle === undefined) throw notImplemented(name)
      handle(fields)
    },
    publish({ exchange, routingKey, mandatory }, properties, body) {
      const message = { exchange: String(exchange), routingKey: String(routingKey) }
      const kept = isKept(message.exchange, body)
      const reached = kept ? model.publish({ ...message, properties, content: body }) : ['']
      if (mandatory && reached.length === 0) {
        reply('BasicReturn', { ...message, replyCode: 312, replyText: 'NO_ROUTE' })
        write(contentFrames(number, properties, body))
      }
      if (confirmed === undefined) return
      confirmed += 1
      const fields = { deliveryTag: confirmed, multiple: false }
      if (kept) reply('BasicAck', fields)
      else reply('BasicNack', fields)
    },
    end() {
      for (const { queue, taker } of consumers.values()) leave(queue, taker)
      consumers.clear()
      const open = [...deliveries.values()]
      deliveries.clear()
      for (const { queue, message } of open) queue.putBack(message)
      for (const { queue } of open) queue.assign()
    },
  }

  function bound(answer: string, change: (binding: Binding) => void, binding: Binding): void {
    change(binding)
    reply(answer)
  }

  function declared(fields: Fields): Queue {
    const { queue, durable, autoDelete, exclusive, arguments: args } = fields
    const name = queue === '' ? freshName('gen') : String(queue)
    if (model.queues.has(name)) model.queue(name, connection)
    return model.declareQueue(name, {
      durable: durable === true,
      autoDelete: autoDelete === true,
      args: args as Fields,
      owner: exclusive ? connection : undefined,
    })
  }

  function consume({ queue: name, consumerTag: asked, noAck, exclusive }: Fields): void {
    const queue = model.queue(String(name), connection)
    if (queue.isHeldAlone() || (exclusive && queue.takers().length > 0)) {
      throw accessRefused(`queue '${name}' in vhost '/' in exclusive use`)
    }
    const consumerTag = asked === '' ? freshName('ctag') : String(asked)
    const most = prefetch === 0 ? Number.POSITIVE_INFINITY : prefetch
    const taker: Taker = {
      hasRoom: () => [...deliveries.values()].filter((one) => one.taker === taker).length < most,
      take(message) {
        const fields = sent({ message, queue, taker }, noAck === true)
        reply('BasicDeliver', { ...fields, consumerTag })
        write(contentFrames(number, properties(message, queue), message.content))
      },
      onGone() {
        consumers.delete(consumerTag)
        reply('BasicCancel', { consumerTag, nowait: true })
      },
    }
    consumers.set(consumerTag, { queue, taker })
    reply('BasicConsumeOk', { consumerTag })
    queue.join(taker, exclusive === true)
  }

  function leave(queue: Queue, taker: Taker): void {
    queue.leave(taker)
    if (queue.options.autoDelete && queue.takers().length === 0) model.deleteQueue(queue.name)
  }

  function sent(delivery: Delivery, isSettled: boolean) {
    lastTag += 1
    if (!isSettled) deliveries.set(lastTag, delivery)
    const { exchange, routingKey, returns } = delivery.message
    return { deliveryTag: lastTag, redelivered: returns > 0, exchange, routingKey }
  }

  function settle(tag: unknown, multiple: unknown, how: (delivery: Delivery) => void): void {
    const tags = multiple
      ? [...deliveries.keys()].filter((one) => one <= Number(tag))
      : [Number(tag)]
    const found = tags.map((one) => deliveries.get(one)).filter((one) => one !== undefined)
    if (found.length === 0) throw preconditionFailed(`unknown delivery tag ${tag}`)
    for (const one of tags) deliveries.delete(one)
    found.forEach(how)
    for (const { queue } of found) queue.assign()
  }
}

function properties({ properties: written, returns }: Stored, { isQuorum }: Queue): Fields {
  if (!isQuorum || returns === 0) return written
  const headers = written['headers'] as Fields | undefined
  return { ...written, headers: { ...headers, 'x-delivery-count': returns } }
}

function exchangeBinding({ source, destination, routingKey }: Fields): Binding {
  return binding('exchange', source, destination, routingKey)
}

function queueBinding({ exchange, queue, routingKey }: Fields): Binding {
  return binding('queue', exchange, queue, routingKey)
}

function binding(kind: Binding['kind'], source: unknown, to: unknown, key: unknown): Binding {
  return { source: String(source), kind, to: String(to), key: String(key) }
}
