import type { MigrationBroker } from '../migration/migration-broker.ts'
import { type ChannelCall, createChannelCall } from './channel-call.ts'
import { open } from './connection.ts'
import { declareTopology } from './declare.ts'
import { watchLoss } from './loss.ts'
import { openMoveConsumers, openMovePublisher, openWitness } from './migration-traffic.ts'
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
  const { lost, lose, expectClose } = watchLoss(connection, '; run again')
  const callBroker = createChannelCall(connection)
  const publishing = await openMovePublisher(connection, lose)
  const consuming = await openMoveConsumers(connection, lose)

  return {
    ...topologyCalls(callBroker),
    ...consuming,
    ...publishing,
    lost,
    witness: (options, onMessage) => openWitness(connection, options, onMessage),
    async close() {
      expectClose()
      // What is lost may be a channel alone, and the connection would keep the process alive.
      if (!lost.aborted) await consuming.closeChannel()
      await connection.close().catch(() => undefined)
    },
  }
}

function topologyCalls(
  callBroker: ChannelCall,
): Pick<
  MigrationBroker,
  | 'countQueue'
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
    async countQueue(queue) {
      const found = await callBroker(`look at the queue ${queue}`, notFound, (channel) =>
        channel.checkQueue(queue),
      )
      return found && { messages: found.messageCount, consumers: found.consumerCount }
    },
    async hasExchange(exchange) {
      const found = await callBroker(`look at the exchange ${exchange}`, notFound, (channel) =>
        channel.checkExchange(exchange),
      )
      return found !== undefined
    },
    async declare(topology) {
      await callBroker(`declare ${topology.queue}`, undefined, (channel) =>
        declareTopology(channel, topology),
      )
    },
    async declareRetryExchange(exchange) {
      await callBroker(`declare the exchange ${exchange}`, undefined, (channel) =>
        channel.assertExchange(exchange, 'topic', { durable: false }),
      )
    },
    async bind(queue, exchange, routingKey) {
      await callBroker(`bind ${queue} to ${exchange}`, undefined, (channel) =>
        channel.bindQueue(queue, exchange, routingKey),
      )
    },
    async unbind(queue, exchange, routingKey) {
      await callBroker(`unbind ${queue} from ${exchange}`, undefined, (channel) =>
        channel.unbindQueue(queue, exchange, routingKey),
      )
    },
    async openPassage(passage, queue) {
      await callBroker(`open ${passage}`, undefined, async (channel) => {
        // A fanout exchange asks for no routing key, and leaves that of a message as it is.
        await channel.assertExchange(passage, 'fanout', { durable: false })
        await channel.bindQueue(queue, passage, '')
      })
    },
    async removeExchange(exchange) {
      await callBroker(`delete the exchange ${exchange}`, undefined, (channel) =>
        channel.deleteExchange(exchange),
      )
    },
    async deleteQueue(queue) {
      await callBroker(`delete the queue ${queue}`, undefined, (channel) =>
        channel.deleteQueue(queue, { ifEmpty: true, ifUnused: true }),
      )
    },
    async deleteExchange(exchange) {
      const deleted = await callBroker(
        `delete the exchange ${exchange}`,
        preconditionFailed,
        (channel) => channel.deleteExchange(exchange, { ifUnused: true }),
      )
      return deleted !== undefined
    },
  }
}
