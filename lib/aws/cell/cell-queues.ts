import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { queueUrls } from './queue-urls.ts'

/** What waits in a queue. About: SQS counts late. */
export interface QueueCount {
  readonly name: string
  /** Can be received now. */
  readonly waiting: number
  /** Received, and neither deleted nor visible again. */
  readonly inFlight: number
  /** Waits for its time. */
  readonly delayed: number
}

/** Counts what is in the queues whose names start so. */
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
