import { randomUUID } from 'node:crypto'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { Consumer, ConsumerHandlers } from '../bridge/broker.ts'
import type { Delivery } from '../bridge/message.ts'
import type { Topology } from '../bridge/topology.ts'
import { EcosError, messageOf } from '../errors.ts'
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts'

/**
 * Channels for the consumers of a connection. A channel does one thing at a time at the broker: a
 * thousand consumers on one cost it three times the CPU that they cost on 32 (docs/performance.md).
 */
const mostChannels = 32

/** The consumers of a connection, spread over a bounded number of channels. */
export interface Consuming {
  /** @throws EcosError `consume-refused`; the broker closes the channel with it */
  consume(topology: Topology, prefetch: number, handlers: ConsumerHandlers): Promise<Consumer>
  /** Ends all consumers; deliveries that are out can still be acknowledged. */
  stop(): Promise<void>
  /** Closes the channels, after the acknowledgements are written. */
  close(): Promise<void>
}

interface ConsumingChannel {
  readonly channel: Channel
  readonly acknowledgements: Acknowledgements
}

/** @param lose told when a channel is lost, and its deliveries with it */
export function createConsuming(
  connection: ChannelModel,
  lose: (cause?: unknown) => void,
): Consuming {
  const channels: Promise<ConsumingChannel>[] = []
  const consumers = new Set<Consumer>()
  let turn = 0

  return {
    async consume(topology, prefetch, { onDelivery, onGone }) {
      const { channel, acknowledgements } = await nextChannel()
      const consumerTag = randomUUID()
      const consumer: Consumer = {
        async cancel() {
          if (consumers.delete(consumer)) await channel.cancel(consumerTag)
        },
      }
      // The prefetch is the next consumer's: nothing may come between these two.
      const prefetched = channel.prefetch(prefetch)
      const consumed = channel.consume(
        topology.queue,
        (message) => {
          if (message) return onDelivery(asDelivery(topology, message, acknowledgements))
          consumers.delete(consumer)
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
      consumers.add(consumer)
      return consumer
    },
    async stop() {
      await Promise.all([...consumers].map((consumer) => consumer.cancel()))
    },
    async close() {
      await Promise.all(channels.map(async (opened) => closeChannel(await opened))).catch(
        () => undefined,
      )
    },
  }

  /** Each in turn, once there are as many as there may be. */
  function nextChannel(): Promise<ConsumingChannel> {
    const index = turn++ % mostChannels
    channels[index] ??= openChannel()
    return channels[index]
  }

  async function openChannel(): Promise<ConsumingChannel> {
    const channel = await connection.createChannel()
    channel.on('error', lose)
    channel.on('close', lose)
    return { channel, acknowledgements: createAcknowledgements(channel) }
  }
}

/** Closing a channel waits for the broker's answer, and so for the acknowledgements before it. */
async function closeChannel({ channel, acknowledgements }: ConsumingChannel): Promise<void> {
  acknowledgements.flush()
  await channel.close()
}

function asDelivery(
  topology: Topology,
  message: ConsumeMessage,
  acknowledgements: Acknowledgements,
): Delivery {
  acknowledgements.delivered(message)
  return {
    tenant: topology.tenant,
    wire: topology.wire,
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
