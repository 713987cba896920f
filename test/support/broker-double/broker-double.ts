import type { BridgeQueue } from '../../../lib/bridge/bridge-queue.ts'
import type { Broker, QueueConsumer, QueueConsumerHandlers } from '../../../lib/bridge/broker.ts'
import type { Topology } from '../../../lib/bridge/topology.ts'
import { EcosError } from '../../../lib/errors.ts'
import { createPipe, type Later } from './pipe.ts'
import { createQueues, deliveredFields, type Queue, type Stored, type Taker } from './queues.ts'

export type Settlement = 'acknowledge' | 'deadLetter' | 'putBack'

/** What the broker does with a message that it has sent or assigned. */
export type BrokerEvent = Settlement | 'sent' | 'taken back' | 'returned by a lost connection'

export interface BrokerDouble {
  connect(): Broker
  /** The process at the other end dies: nothing that it wrote and the broker has not read counts. */
  cut(broker: Broker): void
  declare(topology: Topology): void
  publish(topology: Topology, routingKey: string, body: string): void
  deleteQueue(name: string): void
  /** The bodies of the ready messages. */
  bodies(queue: string): string[]
}

/**
 * A broker in memory whose every step happens when `later` says: what it assigns is sent later, what it
 * sends arrives later, and so do settlements. Each connection keeps its order, as TCP does.
 *
 * @param observe called before the broker does it
 */
export function createBrokerDouble(
  later: Later,
  observe: (event: BrokerEvent, message: Stored) => void = () => undefined,
): BrokerDouble {
  const queues = createQueues()
  const cuts = new Map<Broker, () => void>()

  return {
    connect() {
      const { broker, cut } = connect()
      cuts.set(broker, cut)
      return broker
    },
    cut: (broker) => cuts.get(broker)?.(),
    declare: (topology) => void queues.declare(topology),
    publish: queues.publish,
    deleteQueue: queues.delete,
    bodies: queues.bodies,
  }

  function connect(): { broker: Broker; cut: () => void } {
    const lost = new AbortController()
    const toBroker = createPipe(later, 'the broker reads')
    const toClient = createPipe(later, 'the client reads')
    const consumers = new Set<Consumer>()

    const broker: Broker = {
      address: 'double',
      lost: lost.signal,
      handshakes: { join: async () => {}, broadcast: async () => {}, answer: async () => {} },
      onBlocked: () => undefined,
      declare: (topology) => ask(() => queues.declare(topology)),
      count: (queue) => ask(() => queues.find(queue)?.ready().length),
      consume: (queue, prefetch, handlers) => consume(queue, prefetch, handlers),
      async stopConsuming() {
        await Promise.all([...consumers].map(({ cancel }) => cancel()))
      },
      openBypass: (topology) => ask(() => queues.openBypass(topology)),
      closeBypass: (topologies) => ask(() => queues.closeBypass(topologies)),
      unbind: async () => undefined,
      deleteEmpty: async () => undefined,
      deleteExchange: async () => undefined,
      async close() {
        if (!lost.signal.aborted) await ask(end).catch(() => undefined)
      },
    }
    return { broker, cut: () => lose('cut') }

    /** A call, which the broker answers after all that it sent before. */
    function ask<T>(work: () => T): Promise<T> {
      return new Promise((resolve, reject) => {
        if (lost.signal.aborted) return void reject(lost.signal.reason)
        lost.signal.addEventListener('abort', () => reject(lost.signal.reason))
        toBroker.push(() => {
          try {
            const answer = work()
            toClient.push(() => resolve(answer))
          } catch (error) {
            toClient.push(() => reject(error))
          }
        })
      })
    }

    async function consume(
      queue: BridgeQueue,
      prefetch: number,
      handlers: QueueConsumerHandlers,
    ): Promise<QueueConsumer> {
      const consumer = await ask(() => {
        const found = queues.find(queue.name)
        if (found === undefined) throw new Error(`no queue ${queue.name}`)
        const { taker, cancel } = createTaker(found, prefetch, handlers, queue)
        const joined: Consumer = { taker, queue: found, cancel: () => ask(cancel) }
        consumers.add(joined)
        found.join(taker)
        return joined
      })
      return { cancel: consumer.cancel }
    }

    function createTaker(
      found: Queue,
      prefetch: number,
      { onMessage, onGone }: QueueConsumerHandlers,
      queue: BridgeQueue,
    ) {
      /** Assigned by the queue, and not sent yet. */
      const assigned: Stored[] = []
      let over = false
      const taker: Taker = {
        prefetch,
        unsettled: new Set(),
        take(message) {
          assigned.push(message)
          later('the broker sends', send)
        },
        onGone() {
          over = true
          toClient.push(onGone)
        },
      }
      return { taker, cancel }

      function send(): void {
        const message = assigned.shift()
        if (message === undefined || lost.signal.aborted) return
        observe('sent', message)
        const delivery: Delivery = { message, settled: false }
        const settle = (how: Settlement) => () => toBroker.push(() => read(delivery, how))
        toClient.push(() =>
          onMessage({
            ...deliveredFields(queue, message),
            exchange: message.exchange,
            routingKey: message.routingKey,
            acknowledge: settle('acknowledge'),
            deadLetter: settle('deadLetter'),
            requeue: settle('putBack'),
          }),
        )
      }

      function read(delivery: Delivery, settlement: Settlement): void {
        if (delivery.settled) {
          lose('PRECONDITION_FAILED - unknown delivery tag')
          return
        }
        delivery.settled = true
        observe(settlement, delivery.message)
        found[settlement](delivery.message, taker)
      }

      /** What was not sent goes back, and counts as a delivery. */
      function cancel(): void {
        if (over) return
        over = true
        found.leave(taker)
        for (const message of assigned.splice(0)) {
          observe('taken back', message)
          found.putBack(message, taker)
        }
      }
    }

    function lose(why: string): void {
      if (lost.signal.aborted) return
      toBroker.close()
      toClient.close()
      const problem = `The connection to RabbitMQ was lost: ${why}`
      lost.abort(new EcosError('broker-lost', problem, { retryable: true }))
      later('the broker notices', end)
    }

    function end(): void {
      for (const { taker, queue } of consumers) queue.leave(taker)
      for (const { taker, queue } of consumers) {
        for (const message of [...taker.unsettled]) {
          observe('returned by a lost connection', message)
          queue.putBack(message, taker)
        }
      }
      consumers.clear()
    }
  }
}

interface Delivery {
  readonly message: Stored
  settled: boolean
}

interface Consumer {
  readonly taker: Taker
  readonly queue: Queue
  cancel(): Promise<void>
}
