import { randomUUID } from 'node:crypto'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { Broker } from '../bridge/broker.ts'
import type { Delivery } from '../bridge/message.ts'
import type { Topology } from '../bridge/topology.ts'
import { EcosError, messageOf } from '../errors.ts'
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts'
import { open } from './connection.ts'
import { declareTopology, deleteEmptyQueue, unbindTopology } from './declare.ts'
import { createHandshakeHub } from './handshake-hub.ts'

/**
 * Connects to RabbitMQ.
 *
 * @param url `amqp://` or `amqps://`, with user, password and virtual host
 * @param ca PEM of the only CAs that are trusted for it (default: those that Node.js comes with)
 * @throws EcosError `broker-unreachable`, `broker-not-trusted`
 */
export async function connectBroker(url: string, ca?: string): Promise<Broker> {
  const connection = await open(url, ca)
  const lost = new AbortController()
  let closing = false
  const lose = (cause?: unknown) => {
    if (closing || lost.signal.aborted) return
    const because = cause === undefined ? '' : `: ${messageOf(cause)}`
    lost.abort(
      new EcosError('broker-lost', `The connection to RabbitMQ was lost${because}`, {
        cause,
        retryable: true,
      }),
    )
  }
  connection.on('error', lose)
  connection.on('close', lose)

  const consuming = await connection.createChannel()
  consuming.on('error', lose)
  consuming.on('close', lose)
  const acknowledgements = createAcknowledgements(consuming)
  const consumerTags = new Set<string>()
  const expendable = createExpendable(connection)

  return {
    lost: lost.signal,
    handshakes: createHandshakeHub(connection, expendable),
    declare: (topology) => expendable((channel) => declareTopology(channel, topology)),
    unbind: (topology) => expendable((channel) => unbindTopology(channel, topology)),
    deleteEmpty: (queue) => expendable((channel) => deleteEmptyQueue(channel, queue)),
    count: (queue) => expendable(async (channel) => (await channel.checkQueue(queue)).messageCount),
    async consume(topology, prefetch, { onDelivery, onGone }) {
      const consumerTag = randomUUID()
      // The prefetch is the next consumer's: nothing may come between these two.
      const prefetched = consuming.prefetch(prefetch)
      const consumed = consuming.consume(
        topology.queue,
        (message) => {
          if (message) return onDelivery(asDelivery(topology, message, acknowledgements))
          consumerTags.delete(consumerTag)
          onGone()
        },
        { consumerTag },
      )
      await Promise.all([prefetched, consumed]).catch((cause) => {
        throw new EcosError(
          'consume-refused',
          `Tenant ${topology.tenant}: the queue ${topology.queue} can't be consumed: ${messageOf(cause)}`,
          { cause },
        )
      })
      consumerTags.add(consumerTag)
      return {
        async cancel() {
          if (consumerTags.delete(consumerTag)) await consuming.cancel(consumerTag)
        },
      }
    },
    async stopConsuming() {
      const tags = [...consumerTags]
      consumerTags.clear()
      await Promise.all(tags.map((tag) => consuming.cancel(tag)))
    },
    async close() {
      closing = true
      // Closing the channel waits for the broker's answer, and so for the acknowledgements before it.
      if (!lost.signal.aborted) {
        acknowledgements.flush()
        await consuming.close().catch(() => undefined)
      }
      await connection.close().catch(() => undefined)
    },
  }
}

/**
 * Does one thing after another on a channel that is opened anew after a failure: the broker closes
 * the channel on which it refuses something. The failure is told by the call that caused it.
 */
function createExpendable(connection: ChannelModel) {
  let channel: Channel | undefined
  let last: Promise<unknown> = Promise.resolve()

  return function onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const next = last.then(async () => {
      const current = channel ?? (await quietChannel(connection))
      channel = undefined
      const result = await work(current)
      channel = current
      return result
    })
    last = next.catch(() => undefined)
    return next
  }
}

async function quietChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  return channel
}

function asDelivery(
  topology: Topology,
  message: ConsumeMessage,
  acknowledgements: Acknowledgements,
): Delivery {
  acknowledgements.delivered(message)
  return {
    tenant: topology.tenant,
    queue: topology.queue,
    exchange: message.fields.exchange,
    routingKey: message.fields.routingKey,
    properties: { ...message.properties },
    redelivered: message.fields.redelivered,
    body: message.content,
    acknowledge: () => acknowledgements.acknowledge(message),
    deadLetter: () => acknowledgements.reject(message),
  }
}
