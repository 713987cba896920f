import { randomUUID } from 'node:crypto'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { type BridgeQueue, labelOf } from '../bridge/bridge-queue.ts'
import type { QueueConsumer, QueueConsumerHandlers } from '../bridge/broker.ts'
import type { IncomingMessage } from '../bridge/message.ts'
import { EcosError, messageOf } from '../errors.ts'
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts'
import {
  accessRefused,
  notFound,
  preconditionFailed,
  replyCode,
  resourceLocked,
} from './reply-code.ts'
import { shareWrites } from './shared-writes.ts'

/**
 * Channels for the consumers of a connection. The broker runs a channel as one process: a thousand
 * consumers on one channel cost it three times the CPU that they cost on 32 (docs/performance.md).
 */
const mostChannels = 32

/** The consumers of a connection, spread over a bounded number of channels. */
export interface Consumers {
  /** @throws EcosError `consume-refused`; the broker closes the channel with it */
  consume(
    queue: BridgeQueue,
    prefetch: number,
    handlers: QueueConsumerHandlers,
  ): Promise<QueueConsumer>
  /** Cancels all consumers; messages already delivered can still be acknowledged. Never rejects. */
  stop(): Promise<void>
  /** Writes pending acknowledgements and closes the channels. Never rejects. */
  close(): Promise<void>
}

/** AMQP 0-9-1's numbers for basic.consume, as a channel.close names the method that failed. */
const basic = 60
const basicConsume = 20

const refusals = [accessRefused, notFound, resourceLocked, preconditionFailed]

interface ConsumingChannel {
  readonly channel: Channel
  readonly acknowledgements: Acknowledgements
}

/** @param lose called when a channel is lost, and its unsettled messages with it */
export function createConsumers(
  connection: ChannelModel,
  lose: (cause?: unknown) => void,
): Consumers {
  const channels: Promise<ConsumingChannel>[] = []
  const consumers = new Set<QueueConsumer>()
  const soon = shareWrites(connection)
  let uses = 0

  return {
    async consume(queue, prefetch, { onMessage, onGone }) {
      const { channel, acknowledgements } = await nextChannel()
      const consumerTag = randomUUID()
      const consumer: QueueConsumer = {
        async cancel() {
          if (consumers.delete(consumer)) await channel.cancel(consumerTag)
        },
      }
      // basic.qos applies to the next consumer of the channel: nothing may come between these two.
      const prefetched = channel.prefetch(prefetch)
      const consumed = channel.consume(
        queue.name,
        (message) => {
          if (message) return onMessage(asIncoming(queue, message, acknowledgements))
          consumers.delete(consumer)
          onGone()
        },
        { consumerTag },
      )
      await Promise.all([prefetched, consumed]).catch((cause) => {
        throw isRefusal(cause) ? refused(queue, cause) : cause
      })
      consumers.add(consumer)
      return consumer
    },
    async stop() {
      await Promise.allSettled([...consumers].map((consumer) => consumer.cancel()))
    },
    async close() {
      // Of a channel that is lost nothing can be saved; the others' acknowledgements can.
      await Promise.allSettled(channels.map(async (opened) => closeChannel(await opened)))
    },
  }

  /** Opens channels up to the limit, and uses them round-robin. */
  function nextChannel(): Promise<ConsumingChannel> {
    const index = uses++ % mostChannels
    channels[index] ??= openChannel()
    return channels[index]
  }

  async function openChannel(): Promise<ConsumingChannel> {
    const channel = await connection.createChannel()
    channel.on('error', lose)
    channel.on('close', lose)
    return { channel, acknowledgements: createAcknowledgements(channel, soon) }
  }
}

/** Whether the broker refused this very basic.consume, and the channel was not lost for another reason. */
function isRefusal(cause: unknown): boolean {
  const { classId, methodId } = cause as { classId?: number; methodId?: number }
  return refusals.includes(replyCode(cause) ?? 0) && classId === basic && methodId === basicConsume
}

function refused(queue: BridgeQueue, cause: unknown): EcosError {
  const whose = queue.owner === undefined ? `Pool ${labelOf(queue)}` : `Tenant ${queue.owner}`
  return new EcosError(
    'consume-refused',
    `${whose}: RabbitMQ refuses to have the queue ${queue.name} consumed: ${messageOf(cause)}`,
    { cause },
  )
}

/** The broker's answer to the close comes after it has read the acknowledgements. */
async function closeChannel({ channel, acknowledgements }: ConsumingChannel): Promise<void> {
  acknowledgements.flush()
  await channel.close()
}

function asIncoming(
  queue: BridgeQueue,
  message: ConsumeMessage,
  acknowledgements: Acknowledgements,
): IncomingMessage {
  const { redelivered, deliveryTag } = message.fields
  const { tenant, entrance, exchange, routingKey } = queue.attribute(message.fields)
  acknowledgements.delivered(deliveryTag)
  return {
    tenant,
    entrance,
    exchange,
    routingKey,
    wire: queue.wire,
    queue: queue.name,
    properties: message.properties as unknown as Record<string, unknown>,
    redelivered,
    body: message.content,
    acknowledge: () => acknowledgements.acknowledge(deliveryTag),
    deadLetter: () => acknowledgements.reject(deliveryTag),
    requeue: () => acknowledgements.requeue(deliveryTag),
  }
}
