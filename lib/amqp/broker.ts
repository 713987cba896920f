import type { Broker } from '../bridge/broker.ts'
import { createChannelPool } from './channel-pool.ts'
import { hostOf, open } from './connection.ts'
import { createConsumers } from './consumers.ts'
import { declareTopology, deleteEmptyQueue, unbindTopology } from './declare.ts'
import { createHandshakeHub } from './handshake-hub.ts'
import { watchLoss } from './loss.ts'
import { ifThere } from './reply-code.ts'

/**
 * Connects to RabbitMQ.
 *
 * @param url `amqp://` or `amqps://`, with user, password and virtual host
 * @param ca PEM of the only CAs that are trusted for it (default: those that Node.js comes with)
 * @throws EcosError `broker-unreachable`, `broker-not-trusted`
 */
export async function connectBroker(url: string, ca?: string): Promise<Broker> {
  const connection = await open(url, ca)
  const { lost, lose, expectClose } = watchLoss(connection)
  const consuming = createConsumers(connection, lose)
  const onChannel = createChannelPool(connection)

  return {
    address: `${hostOf(url)}${URL.parse(url)?.pathname ?? ''}`,
    lost,
    handshakes: createHandshakeHub(connection, onChannel),
    declare: (topology) => onChannel((channel) => declareTopology(channel, topology)),
    unbind: (topology) => onChannel((channel) => unbindTopology(channel, topology)),
    deleteEmpty: (queue) => onChannel((channel) => deleteEmptyQueue(channel, queue)),
    async count(queue) {
      return (await ifThere(onChannel((channel) => channel.checkQueue(queue))))?.messageCount
    },
    consume: consuming.consume,
    stopConsuming: consuming.stop,
    async close() {
      expectClose()
      if (!lost.aborted) await consuming.close()
      await connection.close().catch(() => undefined)
    },
  }
}
