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
import { faultOf } from '../queue-function/fault.ts'
import { together } from '../queue-function/together.ts'
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

/** How many messages are looked at together. */
const mostMessages = 1_000

/** Calls in flight for these. */
const concurrentCalls = 5

/**
 * Any queue by its URL, over one client. Messages for a queue that are sent in the same turn of the event loop share
 * calls: a queue-fed function handles the messages of a batch side by side. A refused one costs no other.
 */
export function createQueues(client = createClient(SQSClient)): (url: string) => Queue {
  const senders = new Map<string, (message: QueueMessage) => Promise<void>>()
  const senderOf = (url: string) => {
    const known = senders.get(url)
    if (known) return known
    const sendAll = async (messages: readonly QueueMessage[]) => {
      const limit = pLimit(concurrentCalls)
      return batches(messages).flatMap((batch) => {
        const failures = limit(() => sendBatch(client, url, batch))
        return batch.map(async (_, index) => {
          const failure = (await failures)[index]
          if (failure) throw failure
        })
      })
    }
    const sender = together<QueueMessage, void>(sendAll, { most: mostMessages })
    senders.set(url, sender)
    return sender
  }
  return (url) => ({
    async sendAll(messages) {
      const results = await Promise.allSettled(messages.map(senderOf(url)))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
    async postpone(ReceiptHandle, VisibilityTimeout) {
      const message = { QueueUrl: url, ReceiptHandle, VisibilityTimeout }
      await client.send(new ChangeMessageVisibilityCommand(message))
    },
  })
}

/**
 * Sends messages in one call. It may succeed in part: only messages that failed are sent again.
 *
 * @returns for each message why it was not accepted
 */
async function sendBatch(
  client: SQSClient,
  url: string,
  batch: readonly QueueMessage[],
): Promise<(Error | undefined)[]> {
  const failures = new Map<QueueMessage, Error>()
  let rest = batch
  try {
    for (let attempt = 0; rest.length > 0; attempt += 1) {
      if (attempt === tries) throw failedOften(url, rest.length)
      if (attempt > 0) await sleep(Math.random() * firstWait * 2 ** attempt)
      const { Failed = [] } = await client.send(commandOf(url, rest))
      const sent = rest
      rest = Failed.flatMap(({ Id, SenderFault, Code }) => {
        const message = sent[Number(Id)]
        if (message && SenderFault) failures.set(message, refused(url, Code))
        return message && !SenderFault ? [message] : []
      })
    }
  } catch (error) {
    if (faultOf(error) === 'message' && rest.length > 1) {
      // The whole call fails for one message: each is sent alone.
      const alone = await Promise.all(rest.map((one) => sendBatch(client, url, [one])))
      return batch.map((one) => failures.get(one) ?? alone[rest.indexOf(one)]?.[0])
    }
    for (const message of rest) failures.set(message, error as Error)
  }
  return batch.map((message) => failures.get(message))
}

function commandOf(QueueUrl: string, messages: readonly QueueMessage[]): SendMessageBatchCommand {
  return new SendMessageBatchCommand({
    QueueUrl,
    Entries: messages.map(({ body, group, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: body,
      MessageGroupId: tenantGroup(group),
      DelaySeconds: delaySeconds,
    })),
  })
}

function refused(url: string, code: string | undefined): EcosError {
  return new EcosError('queue-refused', `The queue ${url} refused a message: ${code}`)
}

function failedOften(url: string, count: number): EcosError {
  const problem = `${count} messages failed ${tries} times`
  return new EcosError('queue-failed', `The queue ${url}: ${problem}`, { retryable: true })
}

/** The URL of a queue in the account and region, by its name. */
export async function queueUrl(name: string, client = createClient(SQSClient)): Promise<string> {
  const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
  return QueueUrl
}
