import type { ChannelModel, ConsumeMessage, Options } from 'amqplib'
import type { BrokerMessage } from '../bridge/message.ts'
import { EcosError, messageOf } from '../errors.ts'
import type { MigrationBroker, Witness, WitnessOptions } from '../migration/migration-broker.ts'
import { refused } from './channel-call.ts'
import { publishConfirmed } from './publish-confirmed.ts'
import { accessRefused, replyCode } from './reply-code.ts'

type MoveConsumers = Pick<MigrationBroker, 'consume' | 'stopConsuming'> & {
  /** Waits for the broker's answer, and so for the acknowledgements sent before it. */
  closeChannel(): Promise<void>
}

/** @param lose called when the channel is lost */
export async function openMoveConsumers(
  connection: ChannelModel,
  lose: (cause?: unknown) => void,
): Promise<MoveConsumers> {
  const channel = await connection.createChannel()
  channel.on('error', lose)
  const consumerTags: string[] = []
  return {
    async consume({ tenant, queue, exclusive, prefetch }, onMessage) {
      try {
        await channel.prefetch(prefetch)
        const { consumerTag } = await channel.consume(
          queue,
          (message) => {
            if (message === null) return
            const acknowledge = () => channel.ack(message)
            onMessage({ ...asMessage(tenant, queue, message), acknowledge })
          },
          { exclusive },
        )
        consumerTags.push(consumerTag)
      } catch (cause) {
        // ACCESS_REFUSED: another consumer holds the queue.
        if (replyCode(cause) !== accessRefused) throw refused(`let ${queue} be consumed`, cause)
        throw new EcosError('queue-in-use', `${queue} has a consumer: stop it first`, { cause })
      }
    },
    async stopConsuming() {
      await Promise.all(consumerTags.splice(0).map((tag) => channel.cancel(tag)))
    },
    closeChannel: () => channel.close().catch(() => undefined),
  }
}

/** @param lose called when the channel is lost */
export async function openMovePublisher(
  connection: ChannelModel,
  lose: (cause?: unknown) => void,
): Promise<Pick<MigrationBroker, 'publish'>> {
  const channel = await connection.createConfirmChannel()
  channel.on('error', lose)
  // The broker returns an unroutable message before it confirms it.
  let unroutable = false
  channel.on('return', () => {
    unroutable = true
  })
  return {
    async publish(exchange, { routingKey, body, properties }) {
      const options = { ...(properties as Options.Publish), mandatory: true }
      try {
        await publishConfirmed(channel, exchange, routingKey, body, options)
      } catch (cause) {
        throw notConfirmed(exchange, messageOf(cause), cause)
      }
      if (unroutable) throw notConfirmed(exchange, 'no queue is bound')
    },
  }
}

function notConfirmed(exchange: string, reason: string, cause?: unknown): EcosError {
  return new EcosError(
    'not-confirmed',
    `RabbitMQ did not confirm a message on ${exchange}, run again: ${reason}`,
    { cause, retryable: true },
  )
}

/** The witness is an exclusive queue: the broker deletes it with the connection. */
export async function openWitness(
  connection: ChannelModel,
  { tenant, exchange, target, routingKeys, via }: WitnessOptions,
  onMessage: (message: BrokerMessage) => void,
): Promise<Witness> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  const { queue } = await channel.assertQueue('', { exclusive: true })
  const seen = (message: ConsumeMessage | null) => {
    if (message) onMessage(asMessage(tenant, queue, message))
  }
  await channel.consume(queue, seen, { noAck: true })
  // A run that was killed may have left this exchange connected to the target but not to the witness.
  await channel.deleteExchange(via)
  await channel.assertExchange(via, 'topic', { durable: false })
  for (const routingKey of routingKeys) {
    await channel.bindQueue(target, via, routingKey)
    await channel.bindQueue(queue, via, routingKey)
  }
  await channel.bindExchange(via, exchange, '#')
  return {
    async end() {
      await channel.deleteExchange(via)
      // A channel keeps deliveries and answers in order: after this answer no delivery is under way.
      await channel.deleteQueue(queue)
      await channel.close()
    },
  }
}

function asMessage(tenant: string, queue: string, message: ConsumeMessage): BrokerMessage {
  const { exchange, routingKey, redelivered } = message.fields
  return {
    tenant,
    queue,
    exchange,
    routingKey,
    properties: { ...message.properties },
    redelivered,
    body: message.content,
  }
}
