import { randomUUID } from 'node:crypto'
import type { ConfirmChannel, Message, Options } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import type { OutgoingEvent, Sent } from '../records/handshake-channel.ts'
import { encodeMessage, type HandshakeMessage } from '../records/messages.ts'
import { publishConfirmed } from './publish-confirmed.ts'

/** The exchange of a tenant's handshakes (topic, durable). The routing key is the message's kind. */
export function handshakeExchange(tenant: string): string {
  return `tenant.${tenant}.record-events`
}

/** Publishes handshakes and record events. Each call resolves when the broker has confirmed it. */
export interface HandshakePublisher {
  broadcast(tenant: string, message: HandshakeMessage): Promise<void>
  answer(queue: string, message: HandshakeMessage): Promise<void>
  send(queue: string, event: OutgoingEvent): Promise<Sent>
}

/** @throws (each of its functions) EcosError `not-kept` */
export function handshakePublisher(channel: ConfirmChannel): HandshakePublisher {
  const publish = confirmedPublisher(channel)
  const say = async (exchange: string, routingKey: string, message: HandshakeMessage) => {
    await publish(exchange, routingKey, encodeMessage(message), handshakeProperties(message))
  }
  return {
    broadcast: (tenant, message) => say(handshakeExchange(tenant), message.kind, message),
    answer: (queue, message) => say('', queue, message),
    send: (queue, event) => publish('', queue, event.body, eventProperties(event)),
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

/** Publishes and waits for the confirm: kept, refused, or unroutable. */
function confirmedPublisher(channel: ConfirmChannel) {
  let published = 0
  const returned = new Set<string>()
  // The broker returns an unroutable message before it confirms it.
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
      await publishConfirmed(channel, exchange, routingKey, body, options)
    } catch (cause) {
      throw new EcosError('not-kept', `The broker did not keep a message: ${messageOf(cause)}`, {
        cause,
        retryable: true,
      })
    }
    return returned.delete(correlationId) ? 'no-queue' : 'kept'
  }
}
