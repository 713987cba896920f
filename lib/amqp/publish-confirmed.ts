import type { ConfirmChannel, Options } from 'amqplib'

/** Resolves when the broker has confirmed the message. A message that was returned is confirmed too. */
export function publishConfirmed(
  channel: ConfirmChannel,
  exchange: string,
  routingKey: string,
  body: Uint8Array,
  properties: Options.Publish,
): Promise<void> {
  // RabbitMQ refuses a user-id other than the connection's own user (validated user-id).
  const { userId, ...options } = properties
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, Buffer.from(body), options, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}
