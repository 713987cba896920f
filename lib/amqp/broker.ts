import { setTimeout as sleep } from 'node:timers/promises'
import type { Broker } from '../bridge/broker.ts'
import { createBacklogConsumers } from './backlog-connection.ts'
import { closeBypass, openBypass } from './bypass.ts'
import { createChannelPool } from './channel-pool.ts'
import { endConnection, hostOf, open } from './connection.ts'
import { createConsumers } from './consumers.ts'
import { declareTopology, deleteEmptyQueue, unbindTopology } from './declare.ts'
import { createHandshakeHub } from './handshake-hub.ts'
import { watchLoss } from './loss.ts'
import { createPublishingConnection } from './publishing-connection.ts'
import { countOf } from './queue-counts.ts'

/** Milliseconds for consumers to end when a connection, or a channel, is lost. */
const lostPatience = 2_000

/**
 * Connects to RabbitMQ. Handshakes are published over a second connection, which is opened when it is
 * first needed: while an alarm is raised, RabbitMQ stops reading from connections that publish, and so
 * would not read the acknowledgements either that relieve it.
 *
 * @param url `amqp://` or `amqps://`, with user, password and virtual host
 * @param ca PEM of the only CAs to trust (default: those bundled with Node.js)
 * @throws EcosError `broker-unreachable`, `broker-not-trusted`
 */
export async function connectBroker(url: string, ca?: string): Promise<Broker> {
  const connection = await open(url, ca)
  const { lost, lose, expectClose } = watchLoss(connection)
  const consumers = createConsumers(connection, lose)
  const backlogs = createBacklogConsumers(() => open(url, ca), consumers, lose)
  const onChannel = createChannelPool(connection)
  const publishing = createPublishingConnection(url, ca)

  return {
    address: `${hostOf(url)}${URL.parse(url)?.pathname ?? ''}`,
    lost,
    handshakes: createHandshakeHub(publishing.opened),
    onBlocked(listener) {
      connection.on('blocked', (reason: string) => listener(reason))
      connection.on('unblocked', () => listener(undefined))
      publishing.onBlocked(listener)
    },
    declare: (topology) => onChannel((channel) => declareTopology(channel, topology)),
    openBypass: (topology) => openBypass(onChannel, topology),
    closeBypass: (topologies) => closeBypass(onChannel, topologies),
    unbind: (topology) => onChannel((channel) => unbindTopology(channel, topology)),
    deleteEmpty: (queue) => onChannel((channel) => deleteEmptyQueue(channel, queue)),
    async deleteExchange(exchange) {
      await onChannel((channel) => channel.deleteExchange(exchange))
    },
    count: (queue) => countOf(onChannel, queue),
    consume(queue, prefetch, handlers, isBacklog = false) {
      return (isBacklog ? backlogs : consumers).consume(queue, prefetch, handlers)
    },
    async stopConsuming() {
      const stopping = Promise.all([consumers.stop(), backlogs.stop()])
      if (!lost.aborted) await stopping
      // Where one connection is lost, the other may answer no more, either.
      else await Promise.race([stopping, sleep(lostPatience, undefined, { ref: false })])
    },
    async close() {
      expectClose()
      await Promise.all([
        // What is lost may be one channel alone, or the other connection.
        endConnection(connection, consumers.close),
        backlogs.close(),
        publishing.close(),
      ])
    },
  }
}
