import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs'

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
  return Promise.all(urls.map((url) => countQueue(client, url)))
}

async function queueUrls(client: SQSClient, prefix: string): Promise<string[]> {
  const urls: string[] = []
  let NextToken: string | undefined
  do {
    const page = { QueueNamePrefix: prefix, MaxResults: 1000, ...(NextToken && { NextToken }) }
    const answer = await client.send(new ListQueuesCommand(page))
    urls.push(...(answer.QueueUrls ?? []))
    NextToken = answer.NextToken
  } while (NextToken)
  return urls
}

async function countQueue(client: SQSClient, QueueUrl: string): Promise<QueueCount> {
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
    name: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1),
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  }
}
