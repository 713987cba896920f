import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib'
import type { Broker } from '../bridge/broker.ts'
import type { Delivery } from '../bridge/message.ts'
import { deadLetterQueueArguments, queueArguments, type Topology } from '../bridge/topology.ts'
import { EcosError, messageOf } from '../errors.ts'

/** Milliseconds to wait for the broker to answer a connection attempt. */
const connectTimeout = 5_000

/**
 * Connects to RabbitMQ.
 *
 * @param url `amqp://` or `amqps://`, with user, password and virtual host
 * @throws EcosError `broker-unreachable`, naming host and port and never the password
 */
export async function connectBroker(url: string): Promise<Broker> {
  const connection = await open(url)
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
  const consumerTags: string[] = []
  let declaring = await quietChannel(connection)

  return {
    lost: lost.signal,
    async declare(topology) {
      try {
        await declareOn(declaring, topology)
      } catch (cause) {
        // A refused declaration closes its channel.
        if (!lost.signal.aborted) declaring = await quietChannel(connection)
        throw refusedDeclaration(topology, cause)
      }
    },
    async count(queue) {
      return (await declaring.checkQueue(queue)).messageCount
    },
    async consume(topology, prefetch, onDelivery) {
      await consuming.prefetch(prefetch)
      const { consumerTag } = await consuming.consume(topology.queue, (message) => {
        // The broker cancelled the consumer: its queue was deleted.
        if (message === null) return lose(new Error(`the queue ${topology.queue} is gone`))
        onDelivery(asDelivery(topology, message, consuming))
      })
      consumerTags.push(consumerTag)
    },
    async stopConsuming() {
      await Promise.all(consumerTags.splice(0).map((tag) => consuming.cancel(tag)))
    },
    async close() {
      closing = true
      // Closing the channel waits for the broker's answer, and so for the acknowledgements before it.
      if (!lost.signal.aborted) await consuming.close()
      await connection.close().catch(() => undefined)
    },
  }
}

export async function open(url: string): Promise<ChannelModel> {
  try {
    return await connect(url, {
      timeout: connectTimeout,
      clientProperties: { connection_name: 'ecos-eventbridge' },
    })
  } catch (cause) {
    throw new EcosError(
      'broker-unreachable',
      `RabbitMQ at ${hostOf(url)} can't be reached: ${messageOf(cause)}`,
      {
        cause,
        retryable: true,
      },
    )
  }
}

/** A channel whose failure is told by the call that caused it, not by an event. */
async function quietChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  return channel
}

async function declareOn(channel: Channel, topology: Topology): Promise<void> {
  const { exchange, queue, deadLetterQueue, bind, unbind } = topology
  await channel.assertExchange(exchange, 'topic', { durable: true })
  await channel.assertQueue(deadLetterQueue, { durable: true, arguments: deadLetterQueueArguments })
  await channel.assertQueue(queue, { durable: true, arguments: queueArguments(topology) })
  for (const routingKey of bind) await channel.bindQueue(queue, exchange, routingKey)
  for (const routingKey of unbind) await channel.unbindQueue(queue, exchange, routingKey)
}

function refusedDeclaration({ tenant, queue, exchange }: Topology, cause: unknown): EcosError {
  return new EcosError(
    'queue-differs',
    `Tenant ${tenant}: the queue ${queue} on ${exchange} can't be declared. ` +
      `Where it exists with other arguments, move its messages away and delete it: ${messageOf(cause)}`,
    { cause },
  )
}

function asDelivery(topology: Topology, message: ConsumeMessage, channel: Channel): Delivery {
  return {
    tenant: topology.tenant,
    queue: topology.queue,
    exchange: message.fields.exchange,
    routingKey: message.fields.routingKey,
    properties: { ...message.properties },
    redelivered: message.fields.redelivered,
    body: message.content,
    acknowledge: () => channel.ack(message),
  }
}

function hostOf(url: string): string {
  const parsed = URL.parse(url)
  return (
    parsed?.host || 'an address that is not a URL (set it as amqp://user:password@host:port/vhost)'
  )
}
