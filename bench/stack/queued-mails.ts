import {
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { parseQueued, type QueuedNotification } from '../../lib/notifications/notification.ts'
import type { Stack } from '../../local/stack.ts'

/** Reads the mails' queue in place of their sender, so that only what fills the queue is measured. */
export async function readQueuedMails(
  { cloud, deployment }: Stack,
  /** `sentAt`: when the mail came into the queue, in milliseconds of the epoch. */
  onMail: (mail: QueuedNotification, sentAt: number) => void,
): Promise<{ end(): Promise<void> }> {
  const QueueUrl = String(deployment['EmailQueueUrl'])
  await disableSender(cloud, QueueUrl)
  let isEnding = false
  const receive = async () => {
    const { Messages = [] } = await cloud.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    )
    if (Messages.length === 0) return
    for (const { Body = '', Attributes } of Messages) {
      onMail(parseQueued(Body), Number(Attributes?.SentTimestamp))
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }))
    await cloud.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
  const work = (async () => {
    while (!isEnding) await receive()
  })()
  return {
    async end() {
      isEnding = true
      await work
    },
  }
}

async function disableSender({ lambda }: Stack['cloud'], queueUrl: string): Promise<void> {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}))
  const name = queueUrl.split('/').at(-1) ?? ''
  for (const { UUID, EventSourceArn = '' } of EventSourceMappings) {
    if (!EventSourceArn.endsWith(`:${name}`)) continue
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }))
  }
}
