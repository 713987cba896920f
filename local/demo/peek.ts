import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** Visibility timeout in seconds: short, as another reader may follow. */
const hidden = 1

/** Reads the messages of a queue without a consumer, and leaves them there. */
export async function peek(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const seen = new Map<string, Message>()
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hidden,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        MessageAttributeNames: ['All'],
      }),
    )
    const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId))
    for (const message of fresh) seen.set(message.MessageId ?? '', message)
    if (fresh.length === 0) return [...seen.values()]
  }
}
