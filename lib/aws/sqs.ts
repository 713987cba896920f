import { setTimeout as sleep } from 'node:timers/promises'
import {
  ChangeMessageVisibilityCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { EcosError } from '../errors.ts'
import type { QueueMessage } from '../notifications/notify.ts'
import { batches } from './sqs-batches.ts'

/** Milliseconds, so that one stalled call does not use up a function's time. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
}

/** How often an entry that SQS failed is sent, with growing waits between that start at 100 ms. */
const tries = 5
const firstWait = 100

export interface Queue {
  /** @throws EcosError `queue-refused` or `queue-failed` unless every message was taken */
  sendAll(messages: readonly QueueMessage[]): Promise<void>
  /** Has the queue bring a received message again after that many seconds. */
  postpone(receiptHandle: string, seconds: number): Promise<void>
}

/** Any queue by its URL, over one client. */
export function createQueues(client = new SQSClient({ requestHandler })): (url: string) => Queue {
  return (url) => ({
    async sendAll(messages) {
      for (const batch of batches(messages)) await sendBatch(client, url, batch)
    },
    async postpone(ReceiptHandle, VisibilityTimeout) {
      const message = { QueueUrl: url, ReceiptHandle, VisibilityTimeout }
      await client.send(new ChangeMessageVisibilityCommand(message))
    },
  })
}

/** A call that succeeds may hold messages that failed: those alone are sent again. */
async function sendBatch(
  client: SQSClient,
  url: string,
  batch: readonly QueueMessage[],
): Promise<void> {
  let rest = batch
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) await sleep(Math.random() * firstWait * 2 ** attempt)
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: rest.map(({ body, group, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageGroupId: group,
          DelaySeconds: delaySeconds,
        })),
      }),
    )
    if (Failed.length === 0) return
    const refused = Failed.find(({ SenderFault }) => SenderFault)
    if (refused) {
      throw new EcosError('queue-refused', `The queue ${url} refused a message: ${refused.Code}`)
    }
    const failed = new Set(Failed.map(({ Id }) => Number(Id)))
    rest = rest.filter((_, index) => failed.has(index))
  }
  const problem = `${rest.length} messages failed ${tries} times`
  throw new EcosError('queue-failed', `The queue ${url}: ${problem}`, { retryable: true })
}

/** The address of a queue of the account and region, by its name. */
export async function queueUrl(name: string, client = new SQSClient()): Promise<string> {
  const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
  return QueueUrl
}
