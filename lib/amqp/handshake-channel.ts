import { randomUUID } from 'node:crypto'
import type { ConfirmChannel, Message, Options } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { HandshakeChannel, OutgoingEvent, Sent } from '../records/handshake-channel.ts'
import { decodeMessage, encodeMessage, type HandshakeMessage } from '../records/messages.ts'
import { open } from './connection.ts'

/** Whose broadcasts are heard: sources hear listeners, and listeners hear sources. */
export type Hears = 'listener' | 'source'

/** The exchange of a tenant's handshakes: topic, durable. The routing key is the message's kind. */
export function handshakeExchange(tenant: string): string {
  return `tenant.${tenant}.record-events`
}

/**
 * Opens a channel to a tenant's handshakes, with a queue of its own that ends with it.
 *
 * @throws EcosError `broker-unreachable`, or `handshake-refused` where the broker grants too little
 */
export async function openHandshakeChannel(
  url: string,
  tenant: string,
  hears: Hears,
  log: Log,
): Promise<HandshakeChannel> {
  const connection = await open(url)
  const lost = new AbortController()
  const lose = (cause?: unknown) => lost.abort(connectionLost(cause))
  connection.on('error', lose)
  connection.on('close', lose)
  const exchange = handshakeExchange(tenant)
  try {
    const channel = await connection.createConfirmChannel()
    channel.on('error', lose)
    channel.on('close', lose)
    await channel.assertExchange(exchange, 'topic', { durable: true })
    const { queue: ownQueue } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
    await channel.bindQueue(ownQueue, exchange, `${hears}.*`)
    const publish = confirmedPublisher(channel)
    return {
      ownQueue,
      lost: lost.signal,
      async hear(onMessage) {
        await channel.consume(ownQueue, (message) => hearOne(message, onMessage), { noAck: true })
      },
      async broadcast(message) {
        await publish(exchange, message.kind, encodeMessage(message), handshakeProperties(message))
      },
      async answer(queue, message) {
        await publish('', queue, encodeMessage(message), handshakeProperties(message))
      },
      send: (queue, event) => publish('', queue, event.body, eventProperties(event)),
      close: () => connection.close().catch(() => undefined),
    }
  } catch (cause) {
    await connection.close().catch(() => undefined)
    throw new EcosError(
      'handshake-refused',
      `Tenant ${tenant}: the exchange ${exchange} can't be used: ${messageOf(cause)}`,
      { cause, retryable: true },
    )
  }

  function hearOne(message: Message | null, onMessage: (message: HandshakeMessage) => void): void {
    // Null: the broker has cancelled the consumer, and so the queue is gone.
    if (message === null) {
      lose()
      return
    }
    try {
      onMessage(decodeMessage(message.content))
    } catch (error) {
      log.warn('A message of the handshake was left out', { tenant, reason: messageOf(error) })
    }
  }
}

function handshakeProperties({ kind }: HandshakeMessage): Options.Publish {
  return { contentType: 'application/json', type: kind, messageId: randomUUID() }
}

function eventProperties({ id, type, time }: OutgoingEvent): Options.Publish {
  return {
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    persistent: true,
    type,
    messageId: id,
    timestamp: Math.floor(time / 1000),
  }
}

/** Publishes and waits for the broker's word: kept, refused, or nowhere to put it. */
function confirmedPublisher(channel: ConfirmChannel) {
  let published = 0
  const returned = new Set<string>()
  // The broker returns a message before it confirms it.
  channel.on('return', ({ properties }: Message) => returned.add(properties.correlationId))

  return async (
    exchange: string,
    routingKey: string,
    body: Buffer,
    properties: Options.Publish,
  ): Promise<Sent> => {
    published += 1
    const correlationId = String(published)
    const options = { ...properties, correlationId, mandatory: exchange === '' }
    try {
      await new Promise<void>((resolve, reject) => {
        channel.publish(exchange, routingKey, body, options, (error) =>
          error ? reject(error) : resolve(),
        )
      })
    } catch (cause) {
      throw new EcosError('not-kept', `The broker did not keep a message: ${messageOf(cause)}`, {
        cause,
        retryable: true,
      })
    }
    return returned.delete(correlationId) ? 'no-queue' : 'kept'
  }
}

function connectionLost(cause: unknown): EcosError {
  const because = cause === undefined ? '' : `: ${messageOf(cause)}`
  return new EcosError('broker-lost', `The connection to RabbitMQ was lost${because}`, {
    cause,
    retryable: true,
  })
}
