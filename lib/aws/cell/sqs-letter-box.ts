import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { EcosError } from '../../errors.ts'
import { type Kind, readLetter } from '../../operations/dead-letter.ts'
import type { LetterBox, TakenLetter } from '../../operations/letter-box.ts'

/** Seconds that a taken message stays hidden. */
const hiddenSeconds = 600

/** Long polling: without a wait SQS asks only some of its servers and may miss messages. */
const waitSeconds = 1

/** Consecutive empty receives after which the queue counts as empty, although SQS still counts messages. */
const maxEmptyReceives = 2

/**
 * An SQS queue whose messages are read, sent back and removed one by one.
 *
 * @param sendBack sends a message to where it came from
 */
export function sqsLetterBox(
  client: SQSClient,
  name: string,
  url: string,
  kind: Kind,
  sendBack: (message: Message) => Promise<void>,
): LetterBox {
  const takenOf = (message: Message): TakenLetter => ({
    ...readLetter(kind, letterOf(name, message)),
    ...receiptOf(client, url, message.ReceiptHandle),
    sendBack: (body = message.Body) => sendBack({ ...message, Body: body }),
  })
  return {
    name,
    kind,
    depth: () =>
      count(client, url, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'),
    async *take(limit, signal, expected = 0) {
      const seen = new Set<string>()
      let received: Message[] = []
      let empty = 0
      try {
        while (seen.size < limit && empty < maxEmptyReceives && !signal?.aborted) {
          const wanted = Math.min(limit, Math.max(expected, seen.size + 10)) - seen.size
          const messages = await receiveAll(client, url, wanted)
          received = withoutTwice(messages, seen)
          empty = received.length > 0 ? 0 : empty + 1
          if (empty > 0 && (await count(client, url, 'ApproximateNumberOfMessages')) === 0) break
          for (let message = received.shift(); message; message = received.shift()) {
            seen.add(message.MessageId ?? '')
            yield takenOf(message)
          }
        }
      } finally {
        // A consumer that stops early leaves messages that were received and not taken.
        await Promise.allSettled(received.map((message) => takenOf(message).release()))
      }
    },
  }
}

/** Without the message: thousands are released together at the end. */
function receiptOf(
  client: SQSClient,
  QueueUrl: string,
  ReceiptHandle: string | undefined,
): Pick<TakenLetter, 'release' | 'remove'> {
  const receipt = { QueueUrl, ReceiptHandle }
  return {
    async release() {
      await client.send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 0 }))
    },
    async remove() {
      await client.send(new DeleteMessageCommand(receipt))
    },
  }
}

async function count(
  client: SQSClient,
  QueueUrl: string,
  ...AttributeNames: QueueAttributeName[]
): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames })
  const { Attributes = {} } = await client.send(command)
  return Object.values(Attributes).reduce((sum, one) => sum + Number(one), 0)
}

/** Calls at a time to receive from a deep queue: each brings ten messages at most. */
const maxCalls = 8

async function receiveAll(client: SQSClient, url: string, wanted: number): Promise<Message[]> {
  const calls = Math.max(1, Math.min(maxCalls, Math.floor(wanted / 10)))
  const count = Math.min(10, wanted)
  const all = await Promise.allSettled(
    Array.from({ length: calls }, () => receive(client, url, count)),
  )
  const messages = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  // What other calls received is hidden by now: it is taken first, and the next call may fail too.
  const failed = all.find((one) => one.status === 'rejected')
  if (failed && messages.length === 0) throw failed.reason
  return messages
}

/** SQS may deliver a message twice. */
function withoutTwice(messages: readonly Message[], seen: ReadonlySet<string>): Message[] {
  const fresh = messages.filter(({ MessageId = '' }) => !seen.has(MessageId))
  return [...new Map(fresh.map((message) => [message.MessageId, message])).values()]
}

async function receive(client: SQSClient, url: string, count: number): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: count,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  )
  return Messages
}

function letterOf(queue: string, message: Message) {
  const { MessageId = '', Body = '', Attributes, MessageAttributes = {} } = message
  // SQS itself moved it here, so an error of the rule belongs to an earlier time, before a redrive.
  const ofMessage = Attributes?.DeadLetterQueueSourceArn
    ? sendable(MessageAttributes)
    : MessageAttributes
  const texts = Object.entries(ofMessage).map(([name, { StringValue = '' }]) => [name, StringValue])
  return {
    queue,
    messageId: MessageId,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)),
    body: Body,
    attributes: Object.fromEntries(texts) as Record<string, string>,
  }
}

/**
 * Sends a message with its attributes and its message group, which keeps the queue fair.
 *
 * @throws EcosError `no-source-queue` without a url
 */
export async function sendLetter(
  client: SQSClient,
  url: string | undefined,
  message: Message,
): Promise<void> {
  if (url === undefined) {
    throw new EcosError(
      'no-source-queue',
      'The queue that the message came from does not exist: deploy the cell again',
    )
  }
  const group = message.Attributes?.MessageGroupId
  await client.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: message.Body,
      ...(group !== undefined && { MessageGroupId: group }),
      ...(message.MessageAttributes && { MessageAttributes: sendable(message.MessageAttributes) }),
    }),
  )
}

/** Drops the attributes that say why a rule or a function gave up: they are not true of the next try. */
function sendable(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): Record<string, MessageAttributeValue> {
  const reasons = [
    'RULE_ARN',
    'TARGET_ARN',
    'ERROR_CODE',
    'ERROR_MESSAGE',
    'EXHAUSTED_RETRY_CONDITION',
    'RETRY_ATTEMPTS',
    'ECOS_ERROR_CODE',
    'ECOS_ERROR_MESSAGE',
  ]
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !reasons.includes(name)))
}
