import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { QueueCount } from '../../operations/cell-view.ts'
import { queueUrls } from './queue-urls.ts'

/** Counts the messages of every queue whose name has the prefix. */
export async function countQueues(client: SQSClient, prefix: string): Promise<QueueCount[]> {
  const urls = await queueUrls(client, prefix)
  return Promise.all([...urls].map(([name, url]) => countQueue(client, name, url)))
}

async function countQueue(client: SQSClient, name: string, QueueUrl: string): Promise<QueueCount> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  )
  return {
    name,
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  }
}
