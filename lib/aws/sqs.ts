import { setTimeout as sleep } from 'node:timers/promises'
import {
  ChangeMessageVisibilityCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import pLimit from 'p-limit'
import { EcosError } from '../errors.ts'
import type { QueueMessage } from '../notifications/dispatch.ts'
import { tenantGroup } from '../tenants/names.ts'
import { createClient } from './client.ts'
import { batches } from './sqs-batches.ts'

/** Attempts to send an entry that SQS fails, with growing waits from 100 ms on between them. */
const tries = 5
const firstWait = 100

export interface Queue {
  /** @throws EcosError `queue-refused` or `queue-failed` unless SQS accepted every message */
  sendAll(messages: readonly QueueMessage[]): Promise<void>
  /** Makes a received message visible again after so many seconds. */
  postpone(receiptHandle: string, seconds: number): Promise<void>
}

/** Calls in flight for one `sendAll`. */
const concurrentCalls = 5

/** Any queue by its URL, over one client. */
export function createQueues(client = createClient(SQSClient)): (url: string) => Queue {
  return (url) => ({
    async sendAll(messages) {
      const limit = pLimit(concurrentCalls)
      await limit.map(batches(messages), (batch) => sendBatch(client, url, batch))
    },
    async postpone(ReceiptHandle, VisibilityTimeout) {
      const message = { QueueUrl: url, ReceiptHandle, VisibilityTimeout }
      await client.send(new ChangeMessageVisibilityCommand(message))
    },
  })
}

/** A successful call may report failed messages: only those are sent again. */
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
          MessageGroupId: tenantGroup(group),
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

/** The URL of a queue in the account and region, by its name. */
export async function queueUrl(name: string, client = createClient(SQSClient)): Promise<string> {
  const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
  return QueueUrl
}
