import type { Message } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { HandshakeChannel } from '../records/handshake-channel.ts'
import { decodeMessage, type HandshakeMessage } from '../records/messages.ts'
import { open } from './connection.ts'
import { handshakeExchange, handshakePublisher } from './handshake-publisher.ts'
import { watchLoss } from './loss.ts'

/** Whose broadcasts to receive: sources receive those of listeners, and listeners those of sources. */
export type Peers = 'listener' | 'source'

/**
 * Opens a channel to a tenant's handshakes, with an exclusive queue.
 *
 * @param ca PEM of the only CAs that are trusted for the broker (default: those bundled with Node.js)
 * @throws EcosError `broker-unreachable`, `broker-not-trusted`, or `handshake-refused` if the user lacks permissions
 */
export async function openHandshakeChannel(
  url: string,
  tenant: string,
  peers: Peers,
  log: Log,
  ca?: string,
): Promise<HandshakeChannel> {
  const connection = await open(url, ca)
  const { lost, lose } = watchLoss(connection)
  const exchange = handshakeExchange(tenant)
  try {
    const channel = await connection.createConfirmChannel()
    channel.on('error', lose)
    channel.on('close', lose)
    await channel.assertExchange(exchange, 'topic', { durable: true })
    const { queue: ownQueue } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
    await channel.bindQueue(ownQueue, exchange, `${peers}.*`)
    const publisher = handshakePublisher(channel)
    return {
      ownQueue,
      lost,
      async consume(onMessage) {
        await channel.consume(ownQueue, (message) => receive(message, onMessage), { noAck: true })
      },
      broadcast: (message) => publisher.broadcast(tenant, message),
      answer: publisher.answer,
      send: publisher.send,
      close: () => connection.close().catch(() => undefined),
    }
  } catch (cause) {
    await connection.close().catch(() => undefined)
    throw handshakeRefused(tenant, cause)
  }

  function receive(message: Message | null, onMessage: (message: HandshakeMessage) => void): void {
    // Null: the broker cancelled the consumer, because the queue is gone.
    if (message === null) {
      lose()
      return
    }
    try {
      onMessage(decodeMessage(message.content))
    } catch (error) {
      log.warn('An unreadable handshake message was ignored', { tenant, reason: messageOf(error) })
    }
  }
}

export function handshakeRefused(tenant: string, cause: unknown): EcosError {
  return new EcosError(
    'handshake-refused',
    `Tenant ${tenant}: the exchange ${handshakeExchange(tenant)} can't be used: ${messageOf(cause)}`,
    { cause, retryable: true },
  )
}
