import type { Fields } from './frames.ts'

/** A message as a queue keeps it. */
export interface Stored {
  readonly exchange: string
  readonly routingKey: string
  readonly properties: Fields
  readonly content: Buffer
  /** How often it came back to its queue unsettled. */
  readonly returns: number
}

/** Where a queue sends its messages. */
export interface Taker {
  /** Whether it takes one more before it has settled another. */
  hasRoom(): boolean
  take(message: Stored): void
  /** The queue was deleted. */
  onGone(): void
}

export interface QueueOptions {
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly args: Fields
  /** The connection that has it for itself. */
  readonly owner?: object | undefined
}

export interface Queue {
  readonly name: string
  readonly options: QueueOptions
  readonly isQuorum: boolean
  /** Ready messages, in order. */
  ready(): readonly Stored[]
  takers(): readonly Taker[]
  push(message: Stored): void
  /** Takes the next message out. */
  get(): Stored | undefined
  join(taker: Taker, isExclusive: boolean): void
  leave(taker: Taker): void
  isHeldAlone(): boolean
  /** Call `assign` when that of all is done. */
  putBack(message: Stored): void
  reject(message: Stored): void
  /** Gives what waits to the consumers that have room. */
  assign(): void
}

/**
 * A queue: messages that came back go first, and those of a quorum queue that came back more often than its limit
 * are dead-lettered.
 */
export function createQueue(
  name: string,
  options: QueueOptions,
  deadLetter: (message: Stored, routingKey: string) => void,
): Queue {
  const returned: Stored[] = []
  const waiting: Stored[] = []
  const takers: Taker[] = []
  let alone: Taker | undefined
  const isQuorum = options.args['x-queue-type'] === 'quorum'
  const isSingle = options.args['x-single-active-consumer'] === true
  const limit = Number(options.args['x-delivery-limit'] ?? Number.POSITIVE_INFINITY)

  return {
    name,
    options,
    isQuorum,
    ready: () => [...returned, ...waiting],
    takers: () => takers,
    push(message) {
      waiting.push(message)
      assign()
    },
    get: next,
    join(taker, isExclusive) {
      takers.push(taker)
      if (isExclusive) alone = taker
      assign()
    },
    leave(taker) {
      if (takers.includes(taker)) takers.splice(takers.indexOf(taker), 1)
      if (alone === taker) alone = undefined
      assign()
    },
    isHeldAlone: () => alone !== undefined,
    putBack(message) {
      const again = { ...message, returns: message.returns + 1 }
      if (isQuorum && again.returns > limit) die(message, 'delivery_limit')
      else returned.push(again)
    },
    reject: (message) => die(message, 'rejected'),
    assign,
  }

  function next(): Stored | undefined {
    return returned.shift() ?? waiting.shift()
  }

  /** Consumers take turns, where not one at a time is active. */
  function assign(): void {
    for (let taker = free(); taker !== undefined; taker = free()) {
      const message = next()
      if (message === undefined) return
      if (!isSingle) takers.push(...takers.splice(takers.indexOf(taker), 1))
      taker.take(message)
    }
  }

  function free(): Taker | undefined {
    return (isSingle ? takers.slice(0, 1) : takers).find((taker) => taker.hasRoom())
  }

  function die(message: Stored, reason: string): void {
    const to = options.args['x-dead-letter-routing-key']
    if (typeof to === 'string') deadLetter(withDeath(message, reason), to)
  }

  function withDeath(message: Stored, reason: string): Stored {
    const headers = message.properties['headers'] as Fields | undefined
    const before = (headers?.['x-death'] ?? []) as readonly Record<string, unknown>[]
    const isSame = (entry: Fields) => entry['queue'] === name && entry['reason'] === reason
    const entry = {
      count: Number(before.find(isSame)?.['count'] ?? 0) + 1,
      reason,
      queue: name,
      time: { '!': 'timestamp', value: Math.floor(Date.now() / 1000) },
      exchange: message.exchange,
      'routing-keys': [message.routingKey],
    }
    const deaths = [entry, ...before.filter((one) => !isSame(one))]
    const properties = { ...message.properties, headers: { ...headers, 'x-death': deaths } }
    return { ...message, properties, exchange: '', returns: 0 }
  }
}
