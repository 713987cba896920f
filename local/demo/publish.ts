import { connect } from 'amqplib'
import type { SampleMessage } from './events-file.ts'

/** Messages that are published before their confirms are awaited. */
const maxUnconfirmed = 500

/**
 * Publishes as ECOS does: to the tenant's durable topic exchange, with the event type as routing key.
 * Resolves once the broker has confirmed every message.
 *
 * @returns the messages that no queue is bound for: the broker drops them, as it does for ECOS
 */
export async function publish(
  amqpUrl: string,
  messages: readonly SampleMessage[],
): Promise<Set<SampleMessage>> {
  const connection = await connect(amqpUrl)
  try {
    const channel = await connection.createConfirmChannel()
    for (const exchange of new Set(messages.map((message) => message.exchange))) {
      await channel.assertExchange(exchange, 'topic', { durable: true })
    }
    // The broker returns a message before it confirms it. A topic exchange routes by the key alone.
    const returned = new Set<string>()
    channel.on('return', ({ fields }) => returned.add(routeOf(fields)))
    for (const [index, { exchange, routingKey, body, properties }] of messages.entries()) {
      channel.publish(exchange, routingKey, Buffer.from(body), { ...properties, mandatory: true })
      if ((index + 1) % maxUnconfirmed === 0) await channel.waitForConfirms()
    }
    await channel.waitForConfirms()
    await channel.close()
    return new Set(messages.filter((message) => returned.has(routeOf(message))))
  } finally {
    await connection.close()
  }
}

function routeOf({ exchange, routingKey }: { exchange: string; routingKey: string }): string {
  return JSON.stringify([exchange, routingKey])
}
