import { isDeepStrictEqual } from 'node:util'
import type { Fields } from './frames.ts'
import { createQueue, type Queue, type QueueOptions, type Stored } from './queue.ts'
import { locked, notFound, preconditionFailed } from './refusal.ts'

export interface Exchange {
  readonly type: string
  readonly durable: boolean
  readonly alternate?: unknown
}

export interface Binding {
  readonly source: string
  readonly kind: 'queue' | 'exchange'
  readonly to: string
  readonly key: string
}

/** Exchanges, queues and bindings, as AMQP 0-9-1 and RabbitMQ's alternate exchanges define them. */
export interface BrokerModel {
  readonly exchanges: ReadonlyMap<string, Exchange>
  readonly queues: ReadonlyMap<string, Queue>
  readonly bindings: readonly Binding[]
  declareExchange(name: string, exchange: Exchange): void
  exchange(name: string): Exchange
  deleteExchange(name: string): void
  declareQueue(name: string, options: QueueOptions): Queue
  /** @param connection that asks for it */
  queue(name: string, connection?: object): Queue
  deleteQueue(name: string): void
  bind(binding: Binding): void
  unbind(binding: Binding): void
  /** @returns the queues that have it now */
  publish(message: Omit<Stored, 'returns'>): string[]
  /** The names of the queues that a message would come to. */
  route(exchange: string, routingKey: string): string[]
  /** The bodies of the ready messages. */
  bodies(queue: string): string[]
}

export function createModel(): BrokerModel {
  const exchanges = new Map<string, Exchange>()
  const queues = new Map<string, Queue>()
  let bindings: Binding[] = []

  const model: BrokerModel = {
    exchanges,
    queues,
    get bindings() {
      return bindings
    },
    declareExchange(name, exchange) {
      const known = exchanges.get(name)
      if (known) compare(`exchange '${name}'`, { ...known }, { ...exchange })
      else exchanges.set(name, exchange)
    },
    exchange(name) {
      const found = exchanges.get(name)
      if (found === undefined) throw notFound('exchange', name)
      return found
    },
    deleteExchange(name) {
      exchanges.delete(name)
      bindings = bindings.filter(({ source, kind, to }) => !(source === name || isTo(kind, to)))
      function isTo(kind: string, to: string) {
        return kind === 'exchange' && to === name
      }
    },
    declareQueue(name, options) {
      const known = queues.get(name)
      if (known) {
        compare(`queue '${name}'`, asArguments(known.options), asArguments(options))
        return known
      }
      const queue = createQueue(name, options, (message, routingKey) => {
        model.publish({ ...message, exchange: '', routingKey })
      })
      queues.set(name, queue)
      return queue
    },
    queue(name, connection) {
      const found = queues.get(name)
      if (found === undefined) throw notFound('queue', name)
      const { owner } = found.options
      if (owner !== undefined && owner !== connection) throw locked(name)
      return found
    },
    deleteQueue(name) {
      const queue = queues.get(name)
      queues.delete(name)
      bindings = bindings.filter(({ kind, to }) => !(kind === 'queue' && to === name))
      for (const taker of [...(queue?.takers() ?? [])]) taker.onGone()
    },
    bind(binding) {
      model.exchange(binding.source)
      if (binding.kind === 'queue' && !queues.has(binding.to)) throw notFound('queue', binding.to)
      if (binding.kind === 'exchange') model.exchange(binding.to)
      if (!bindings.some((one) => isDeepStrictEqual(one, binding))) bindings.push(binding)
    },
    // RabbitMQ answers that all is well where there was nothing to undo.
    unbind(binding) {
      bindings = bindings.filter((one) => !isDeepStrictEqual(one, binding))
    },
    publish(message) {
      const names = model.route(message.exchange, message.routingKey)
      for (const name of names) queues.get(name)?.push({ ...message, returns: 0 })
      return names
    },
    route(exchange, routingKey) {
      if (exchange === '') return queues.has(routingKey) ? [routingKey] : []
      model.exchange(exchange)
      const reached = new Set<string>()
      spread(exchange, routingKey, reached, new Set())
      return [...reached]
    },
    bodies: (name) => (queues.get(name)?.ready() ?? []).map(({ content }) => String(content)),
  }
  return model

  /** A message comes to a queue once, however many ways lead there; to the alternate if no binding takes it. */
  function spread(name: string, key: string, reached: Set<string>, seen: Set<string>): void {
    const exchange = exchanges.get(name)
    if (exchange === undefined || seen.has(name)) return
    seen.add(name)
    const taking = bindings.filter((one) => one.source === name && takes(exchange, one, key))
    for (const { kind, to } of taking) {
      if (kind === 'queue') reached.add(to)
      else spread(to, key, reached, seen)
    }
    if (taking.length > 0 || typeof exchange.alternate !== 'string') return
    spread(exchange.alternate, key, reached, seen)
  }
}

function takes({ type }: Exchange, binding: Binding, key: string): boolean {
  if (type === 'fanout') return true
  if (type === 'direct') return binding.key === key
  return matches(binding.key.split('.'), key.split('.'))
}

/** A topic: `*` is one word, `#` any number of them. */
function matches([first, ...others]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0
  if (first === '#') {
    return words.some((_, at) => matches(others, words.slice(at))) || matches(others, [])
  }
  const [word, ...rest] = words
  return word !== undefined && (first === '*' || first === word) && matches(others, rest)
}

function asArguments({ durable, autoDelete, args }: QueueOptions): Fields {
  return { durable, autoDelete, ...args }
}

function compare(what: string, known: Fields, asked: Fields): void {
  for (const name of new Set([...Object.keys(known), ...Object.keys(asked)])) {
    if (known[name] === asked[name]) continue
    const argument = name === 'alternate' ? 'alternate-exchange' : name
    const both = `received '${asked[name]}' but current is '${known[name]}'`
    throw preconditionFailed(`inequivalent arg '${argument}' for ${what} in vhost '/': ${both}`)
  }
}
