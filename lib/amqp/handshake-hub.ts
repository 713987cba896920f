import type { ChannelModel, Message } from 'amqplib'
import type { HandshakeHandler, HandshakeHub } from '../records/bridge-listener.ts'
import { decodeMessage } from '../records/messages.ts'
import { type ChannelPool, createChannelPool } from './channel-pool.ts'
import { handshakeRefused } from './handshake-channel.ts'
import {
  type HandshakePublisher,
  handshakeExchange,
  handshakePublisher,
} from './handshake-publisher.ts'

/** One channel, with one queue bound to the exchanges of many tenants. */
interface Session {
  readonly queue: string
  readonly publisher: HandshakePublisher
  readonly onChannel: ChannelPool
  readonly bound: Set<string>
}

/**
 * The handshakes of many tenants, on a channel that is opened when it is first needed, and again after
 * the broker has closed it.
 *
 * @param connected opens the connection that publishes
 */
export function createHandshakeHub(connected: () => Promise<ChannelModel>): HandshakeHub {
  const handlers = new Map<string, HandshakeHandler>()
  let opening: Promise<Session> | undefined

  const current = () => {
    if (opening === undefined) {
      const session = openSession(() => {
        if (opening === session) opening = undefined
      })
      opening = session
    }
    return opening
  }

  async function openSession(onEnd: () => void): Promise<Session> {
    try {
      const connection = await connected()
      const channel = await connection.createConfirmChannel()
      channel.on('error', onEnd)
      channel.on('close', onEnd)
      const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
      // Null: the broker cancelled the consumer, because the queue is gone.
      const onMessage = (message: Message | null) =>
        message ? receive(message) : void channel.close().catch(onEnd)
      await channel.consume(queue, onMessage, { noAck: true })
      return {
        queue,
        publisher: handshakePublisher(channel),
        onChannel: createChannelPool(connection),
        bound: new Set(),
      }
    } catch (error) {
      onEnd()
      throw error
    }
  }

  /** The exchange decides the tenant, never the message. */
  function receive({ fields, content }: Message): void {
    const handler = handlers.get(fields.exchange)
    if (handler === undefined) return
    try {
      handler.onMessage(decodeMessage(content))
    } catch (error) {
      handler.onUnreadable(error)
    }
  }

  return {
    async join(tenant, handler) {
      const exchange = handshakeExchange(tenant)
      handlers.set(exchange, handler)
      const { queue, onChannel, bound } = await current()
      if (bound.has(exchange)) return
      try {
        await onChannel(async (channel) => {
          await channel.assertExchange(exchange, 'topic', { durable: true })
          await channel.bindQueue(queue, exchange, 'source.*')
        })
      } catch (cause) {
        throw handshakeRefused(tenant, cause)
      }
      bound.add(exchange)
    },
    broadcast: async (tenant, message) => (await current()).publisher.broadcast(tenant, message),
    answer: async (queue, message) => (await current()).publisher.answer(queue, message),
  }
}
