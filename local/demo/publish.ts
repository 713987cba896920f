import { connect } from 'amqplib'
import type { SampleMessage } from './events-file.ts'

/**
 * Publishes the way ECOS does: to the tenant's exchange, topic and durable, by the event type. Waits
 * for the broker's confirm of each.
 *
 * @returns the messages that the broker had no queue for, and so dropped, as it does for ECOS
 */
export async function publish(
  amqpUrl: string,
  messages: readonly SampleMessage[],
): Promise<Set<SampleMessage>> {
  const connection = await connect(amqpUrl)
  try {
    const channel = await connection.createConfirmChannel()
    const dropped = new Set<SampleMessage>()
    for (const exchange of new Set(messages.map((message) => message.exchange))) {
      await channel.assertExchange(exchange, 'topic', { durable: true })
    }
    for (const message of messages) {
      // The broker returns what it can't route before it confirms it.
      channel.once('return', () => dropped.add(message))
      const { exchange, routingKey, body, properties } = message
      channel.publish(exchange, routingKey, Buffer.from(body), { ...properties, mandatory: true })
      await channel.waitForConfirms()
      channel.removeAllListeners('return')
    }
    await channel.close()
    return dropped
  } finally {
    await connection.close()
  }
}
