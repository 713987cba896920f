import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** Seconds for which what was looked at is hidden: short, for somebody else may look next. */
const hidden = 1

/** Looks at the messages of a queue that nothing consumes, and leaves them there. */
export async function peek(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const seen = new Map<string, Message>()
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hidden,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      }),
    )
    const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId))
    for (const message of fresh) seen.set(message.MessageId ?? '', message)
    if (fresh.length === 0) return [...seen.values()]
  }
}
