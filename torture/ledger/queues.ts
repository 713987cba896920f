import { setTimeout as sleep } from 'node:timers/promises'
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'

/** Takes all messages of a queue, and deletes them there. */
export async function takeMessages(sqs: SQSClient, QueueUrl: string): Promise<Message[]> {
  const taken: Message[] = []
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 },
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    )
    if (Messages.length === 0) return taken
    taken.push(...Messages)
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
}

/**
 * Takes all messages of a queue, also those that somebody else has received: a redrive that was killed leaves
 * what it had in hand invisible for its ten minutes.
 *
 * @param patience milliseconds for which nothing may come before it gives up what is invisible
 */
export async function takeAll(
  sqs: SQSClient,
  QueueUrl: string,
  patience = 660_000,
  interval = 5_000,
): Promise<Message[]> {
  const taken: Message[] = []
  for (let waited = 0; ; waited += interval) {
    const messages = await takeMessages(sqs, QueueUrl)
    taken.push(...messages)
    if (messages.length > 0) waited = 0
    if (waited >= patience || (await depthOf(sqs, QueueUrl)) === 0) return taken
    await sleep(interval)
  }
}

/** The messages of a queue, visible or not. */
export async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
  )
  return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0)
}
