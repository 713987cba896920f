import type { ChannelModel, ConsumeMessage, Options } from 'amqplib'
import type { BrokerMessage } from '../bridge/message.ts'
import { EcosError, messageOf } from '../errors.ts'
import type { MigrationBroker, Witness, WitnessOptions } from '../migration/migration-broker.ts'
import { refused } from './migration-channel.ts'
import { accessRefused, replyCode } from './reply-code.ts'

type Consuming = Pick<MigrationBroker, 'consume' | 'stopConsuming'> & {
  /** Waits for the broker's answer, and so for the acknowledgements before it. */
  closeChannel(): Promise<void>
}

/** @param lose told when the channel is lost */
export async function createConsuming(
  connection: ChannelModel,
  lose: (cause?: unknown) => void,
): Promise<Consuming> {
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
        // So it refuses where somebody else consumes the queue.
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

/** @param lose told when the channel is lost */
export async function createPublishing(
  connection: ChannelModel,
  lose: (cause?: unknown) => void,
): Promise<Pick<MigrationBroker, 'publish'>> {
  const channel = await connection.createConfirmChannel()
  channel.on('error', lose)
  // The broker returns what it has no queue for before it confirms it.
  let unroutable = false
  channel.on('return', () => {
    unroutable = true
  })
  return {
    publish: (exchange, { routingKey, body, properties }) =>
      new Promise((resolve, reject) => {
        const fail = (cause: unknown) =>
          reject(
            new EcosError(
              'not-confirmed',
              `RabbitMQ did not confirm a message on ${exchange}, run again: ${messageOf(cause)}`,
              { cause, retryable: true },
            ),
          )
        const options = { ...(properties as Options.Publish), mandatory: true }
        // The broker takes no user's name but that of the connection.
        delete options.userId
        channel.publish(exchange, routingKey, Buffer.from(body), options, (error) => {
          if (unroutable) fail(new Error('no queue is bound'))
          else if (error) fail(error)
          else resolve()
        })
      }),
  }
}

/** The witness is a queue that goes with its connection. */
export async function createWitness(
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
  // One that was left half-way may connect the target already, and not the witness.
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
      // A channel's deliveries and answers come in one order: after this answer none is on its way.
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
