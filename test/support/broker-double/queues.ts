import type { BridgeQueue } from '../../../lib/bridge/bridge-queue.ts'
import { deliveryLimit, type Queues, type Topology } from '../../../lib/bridge/topology.ts'

/** A message as a queue keeps it. */
export interface Stored {
  readonly exchange: string
  readonly routingKey: string
  readonly body: string
  /** How often it came back to its queue unsettled. */
  returns: number
}

/** Where a queue sends its messages: each counts against its prefetch until it is settled. */
export interface Taker {
  readonly prefetch: number
  readonly unsettled: Set<Stored>
  take(message: Stored): void
  onGone(): void
}

export interface Queue {
  readonly name: string
  /** Ready messages, in order. */
  ready(): readonly Stored[]
  push(message: Stored): void
  join(taker: Taker): void
  leave(taker: Taker): void
  /** Settles a message that was taken. */
  acknowledge(message: Stored, taker: Taker): void
  deadLetter(message: Stored, taker: Taker): void
  putBack(message: Stored, taker: Taker): void
  end(): void
}

/**
 * A quorum queue: messages that came back go first, and those that came back too often to the dead-letter
 * queue.
 *
 * @param singleActive whether one consumer at a time gets messages
 */
export function createQueue(
  name: string,
  singleActive: boolean,
  onDeadLetter: (message: Stored) => void,
): Queue {
  const returned: Stored[] = []
  const waiting: Stored[] = []
  const takers: Taker[] = []

  return {
    name,
    ready: () => [...returned, ...waiting],
    push(message) {
      waiting.push(message)
      assign()
    },
    join(taker) {
      takers.push(taker)
      assign()
    },
    leave(taker) {
      if (takers.includes(taker)) takers.splice(takers.indexOf(taker), 1)
      assign()
    },
    acknowledge: settle,
    deadLetter(message, taker) {
      settle(message, taker)
      onDeadLetter(message)
    },
    putBack(message, taker) {
      message.returns += 1
      if (message.returns > deliveryLimit) onDeadLetter(message)
      else returned.push(message)
      settle(message, taker)
    },
    end() {
      for (const { onGone } of takers.splice(0)) onGone()
    },
  }

  function settle(message: Stored, taker: Taker): void {
    taker.unsettled.delete(message)
    assign()
  }

  /** Consumers take turns. */
  function assign(): void {
    for (let next = free(); next !== undefined; next = free()) {
      const message = returned.shift() ?? waiting.shift()
      if (message === undefined) return
      if (!singleActive) takers.push(...takers.splice(takers.indexOf(next), 1))
      next.unsettled.add(message)
      next.take(message)
    }
  }

  function free(): Taker | undefined {
    const active = singleActive ? takers.slice(0, 1) : takers
    return active.find(({ prefetch, unsettled }) => unsettled.size < prefetch)
  }
}

/** The queues of a broker. */
export function createQueues() {
  const queues = new Map<string, Queue>()
  const topologies = new Map<string, Topology>()
  /** Bindings of entrances to their pools' queues, and of bypasses. */
  const bindings = new Set<string>()

  function declare(topology: Topology): number {
    const { queue, deadLetterQueue, wire } = topology
    topologies.set(topology.exchange, topology)
    const letters = queueOf(deadLetterQueue, false, () => undefined)
    if (topology.bypass) declareBypass(topology.bypass)
    return queueOf(queue, wire === '2.0', (message) => letters.push(message)).ready().length
  }

  function declareBypass({ queue, deadLetterQueue }: Queues): void {
    const letters = queueOf(deadLetterQueue, false, () => undefined)
    queueOf(queue, false, (message) => letters.push(message))
  }

  function queueOf(name: string, single: boolean, onDeadLetter: (message: Stored) => void): Queue {
    const queue = queues.get(name) ?? createQueue(name, single, onDeadLetter)
    queues.set(name, queue)
    return queue
  }

  return {
    declare,
    find: (name: string) => queues.get(name),
    openBypass({ entrance, bypass }: Topology): void {
      if (bypass) bindings.add(entrance).add(bypass.queue)
    },
    closeBypass(closed: readonly Topology[]): void {
      for (const { entrance, bypass } of closed) {
        bindings.delete(entrance)
        if (bypass) bindings.delete(bypass.queue)
      }
    },
    publish({ exchange, entrance, queue, bypass }: Topology, key: string, body: string): void {
      const bound = topologies.get(exchange)?.bind.includes(key)
      const isPast = bypass && bindings.has(bypass.queue) && !bindings.has(entrance)
      const to = isPast ? bypass.queue : queue
      if (bound) queues.get(to)?.push({ exchange, routingKey: key, body, returns: 0 })
    },
    delete(name: string): void {
      queues.get(name)?.end()
      queues.delete(name)
    },
    bodies: (name: string) => (queues.get(name)?.ready() ?? []).map(({ body }) => body),
  }
}

/** What the consumer is told of a message. */
export function deliveredFields(queue: BridgeQueue, message: Stored) {
  const { exchange, routingKey, body, returns } = message
  return {
    ...queue.attribute({ exchange, routingKey }),
    wire: queue.wire,
    queue: queue.name,
    properties: { headers: returns > 0 ? { 'x-delivery-count': returns } : {} },
    redelivered: returns > 0,
    body: Buffer.from(body),
  }
}
