import { connect } from 'amqplib'
import type { SampleMessage } from '../../local/demo/events-file.ts'

/** Publishes to existing exchanges; resolves when the broker has confirmed every message. */
export async function publishMany(
  amqpUrl: string,
  messages: readonly SampleMessage[],
): Promise<void> {
  const connection = await connect(amqpUrl)
  try {
    const channel = await connection.createConfirmChannel()
    for (const { exchange, routingKey, body, properties } of messages) {
      const wrote = channel.publish(exchange, routingKey, Buffer.from(body), properties)
      if (!wrote) await new Promise((resolve) => channel.once('drain', resolve))
    }
    await channel.waitForConfirms()
  } finally {
    await connection.close()
  }
}
