import type { GetMessage } from 'amqplib'
import { onChannel } from './stack.ts'

/** The batch that Lambda's Amazon MQ source makes of a queue's messages. */
export type RabbitMqBatch = ReturnType<typeof batchOf>

/**
 * Gets messages from a queue of the real broker, as Lambda's source does: all are acknowledged if `work`
 * resolves to true, and all are returned to the queue otherwise.
 */
export function withBatch(
  amqpUrl: string,
  queue: string,
  brokerArn: string,
  work: (batch: RabbitMqBatch) => Promise<boolean>,
): Promise<void> {
  return onChannel(amqpUrl, async (channel) => {
    const messages: GetMessage[] = []
    for (;;) {
      const message = await channel.get(queue)
      if (!message) break
      messages.push(message)
    }
    const settled = await work(batchOf(queue, brokerArn, messages))
    if (settled) channel.ackAll()
    else channel.nackAll(true)
    // The broker answers after it has settled them.
    await channel.checkQueue(queue)
  })
}

/** The form is that of https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html */
function batchOf(queue: string, eventSourceArn: string, messages: readonly GetMessage[]) {
  return {
    eventSource: 'aws:rmq',
    eventSourceArn,
    rmqMessagesByQueue: {
      [`${queue}::/`]: messages.map(({ content, fields, properties }) => ({
        basicProperties: {
          contentType: properties.contentType ?? null,
          contentEncoding: properties.contentEncoding ?? null,
          headers: headersOf(properties.headers ?? {}),
          deliveryMode: properties.deliveryMode ?? null,
          priority: properties.priority ?? null,
          messageId: properties.messageId ?? null,
          bodySize: content.length,
        },
        redelivered: fields.redelivered,
        data: content.toString('base64'),
      })),
    },
  }
}

function headersOf(headers: Record<string, unknown>): Record<string, unknown> {
  const asLambda = (value: unknown) =>
    typeof value === 'string' ? { bytes: [...Buffer.from(value)] } : value
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, asLambda(value)]))
}
