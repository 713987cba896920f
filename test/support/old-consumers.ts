import { randomUUID } from 'node:crypto'
import { type ChannelModel, connect } from 'amqplib'
import { type OldTopology, oldTopologyOf } from '../../lib/migration/old-topology.ts'
import { onChannel } from './stack.ts'

/** Declares the topology of a tenant's old consumers for a queue, with a shorter TTL. */
export async function declareOld(
  amqpUrl: string,
  tenant: string,
  { queueName = 'notification', ttl = 300_000 } = {},
): Promise<OldTopology> {
  const old = oldTopologyOf(tenant, queueName)
  const { exchange, workQueue, retryExchange, retryQueue } = old
  await onChannel(amqpUrl, async (channel) => {
    await channel.assertExchange(exchange, 'topic', { durable: true })
    await channel.assertExchange(retryExchange, 'topic', { durable: false })
    const deadLetterExchange = retryExchange
    await channel.assertQueue(workQueue, { durable: true, deadLetterExchange })
    await channel.assertQueue(retryQueue, {
      durable: true,
      deadLetterExchange: exchange,
      messageTtl: ttl,
    })
    await channel.bindQueue(workQueue, exchange, '#')
    await channel.bindQueue(retryQueue, retryExchange, '#')
  })
  return old
}

/** An old consumer that rejects every message, so that each comes back. */
export async function rejectAll(
  amqpUrl: string,
  queue: string,
): Promise<{ rejected(): number; stop(): Promise<void> }> {
  const connection: ChannelModel = await connect(amqpUrl)
  const channel = await connection.createChannel()
  let rejected = 0
  const consumerTag = randomUUID()
  await channel.consume(
    queue,
    (message) => {
      if (!message) return
      rejected += 1
      channel.nack(message, false, false)
    },
    { consumerTag },
  )
  return {
    rejected: () => rejected,
    async stop() {
      await channel.cancel(consumerTag)
      await connection.close()
    },
  }
}
