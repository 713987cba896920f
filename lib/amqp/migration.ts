import type { ChannelModel } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import type { MigrationBroker } from '../migration/migration-broker.ts'
import { open } from './connection.ts'
import { declareTopology } from './declare.ts'
import { type OnChannel, onOwnChannel } from './migration-channel.ts'
import { createConsuming, createPublishing, createWitness } from './migration-traffic.ts'
import { notFound, preconditionFailed } from './reply-code.ts'

/**
 * Connects to RabbitMQ for a migration.
 *
 * @param url `amqp://` or `amqps://`, with user, password and virtual host
 * @param ca PEM of the only CAs that are trusted for it (default: those that Node.js comes with)
 * @throws EcosError `broker-unreachable`, `broker-not-trusted`
 */
export async function connectMigration(url: string, ca?: string): Promise<MigrationBroker> {
  const connection = await open(url, ca)
  const { lost, lose, expectClose } = watchLoss(connection)
  const onChannel = onOwnChannel(connection)
  const publishing = await createPublishing(connection, lose)
  const consuming = await createConsuming(connection, lose)

  return {
    ...topologyCalls(onChannel),
    ...consuming,
    ...publishing,
    lost,
    witness: (options, onMessage) => createWitness(connection, options, onMessage),
    async close() {
      expectClose()
      // What is lost may be a channel alone, and the connection would keep the process alive.
      if (!lost.aborted) await consuming.closeChannel()
      await connection.close().catch(() => undefined)
    },
  }
}

function topologyCalls(
  onChannel: OnChannel,
): Pick<
  MigrationBroker,
  | 'queueState'
  | 'hasExchange'
  | 'declare'
  | 'declareRetryExchange'
  | 'bind'
  | 'unbind'
  | 'openPassage'
  | 'removeExchange'
  | 'deleteQueue'
  | 'deleteExchange'
> {
  return {
    async queueState(queue) {
      const found = await onChannel(`look at the queue ${queue}`, notFound, (channel) =>
        channel.checkQueue(queue),
      )
      return found && { messages: found.messageCount, consumers: found.consumerCount }
    },
    async hasExchange(exchange) {
      const found = await onChannel(`look at the exchange ${exchange}`, notFound, (channel) =>
        channel.checkExchange(exchange),
      )
      return found !== undefined
    },
    async declare(topology) {
      await onChannel(`declare ${topology.queue}`, undefined, (channel) =>
        declareTopology(channel, topology),
      )
    },
    async declareRetryExchange(exchange) {
      await onChannel(`declare the exchange ${exchange}`, undefined, (channel) =>
        channel.assertExchange(exchange, 'topic', { durable: false }),
      )
    },
    async bind(queue, exchange, routingKey) {
      await onChannel(`bind ${queue} to ${exchange}`, undefined, (channel) =>
        channel.bindQueue(queue, exchange, routingKey),
      )
    },
    async unbind(queue, exchange, routingKey) {
      await onChannel(`unbind ${queue} from ${exchange}`, undefined, (channel) =>
        channel.unbindQueue(queue, exchange, routingKey),
      )
    },
    async openPassage(passage, queue) {
      await onChannel(`open ${passage}`, undefined, async (channel) => {
        // A fanout exchange asks for no routing key, and leaves that of a message as it is.
        await channel.assertExchange(passage, 'fanout', { durable: false })
        await channel.bindQueue(queue, passage, '')
      })
    },
    async removeExchange(exchange) {
      await onChannel(`delete the exchange ${exchange}`, undefined, (channel) =>
        channel.deleteExchange(exchange),
      )
    },
    async deleteQueue(queue) {
      await onChannel(`delete the queue ${queue}`, undefined, (channel) =>
        channel.deleteQueue(queue, { ifEmpty: true, ifUnused: true }),
      )
    },
    async deleteExchange(exchange) {
      const deleted = await onChannel(
        `delete the exchange ${exchange}`,
        preconditionFailed,
        (channel) => channel.deleteExchange(exchange, { ifUnused: true }),
      )
      return deleted !== undefined
    },
  }
}

interface Loss {
  readonly lost: AbortSignal
  lose(cause?: unknown): void
  /** From now on the end of the connection is no loss. */
  expectClose(): void
}

function watchLoss(connection: ChannelModel): Loss {
  const controller = new AbortController()
  let closing = false
  const lose = (cause?: unknown) => {
    if (closing || controller.signal.aborted) return
    const because = cause === undefined ? '' : `: ${messageOf(cause)}`
    controller.abort(
      new EcosError('broker-lost', `The connection to RabbitMQ was lost${because}; run again`, {
        cause,
        retryable: true,
      }),
    )
  }
  connection.on('error', lose)
  connection.on('close', lose)
  const expectClose = () => {
    closing = true
  }
  return { lost: controller.signal, lose, expectClose }
}
