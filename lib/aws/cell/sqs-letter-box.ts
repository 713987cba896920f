import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { EcosError } from '../../errors.ts'
import { type Kind, readLetter } from '../../operations/dead-letter.ts'
import type { LetterBox, TakenLetter } from '../../operations/letter-box.ts'

/** How long what was taken stays hidden, in seconds. */
const hiddenSeconds = 600

/** SQS asks only some of its servers unless it may wait, and so may find nothing where there is something. */
const waitSeconds = 1

/** As often nothing may be found before there is nothing. */
const emptyAnswers = 2

/**
 * A queue of SQS whose messages are looked at, sent back and removed one by one.
 *
 * @param sendBack to where the messages of this queue came from
 */
export function sqsLetterBox(
  client: SQSClient,
  name: string,
  url: string,
  kind: Kind,
  sendBack: (message: Message) => Promise<void>,
): LetterBox {
  const takenOf = (message: Message): TakenLetter => {
    const receipt = { QueueUrl: url, ReceiptHandle: message.ReceiptHandle }
    return {
      ...readLetter(kind, resting(name, message)),
      async release() {
        await client.send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 0 }))
      },
      async remove() {
        await client.send(new DeleteMessageCommand(receipt))
      },
      sendBack: () => sendBack(message),
    }
  }
  return {
    name,
    kind,
    async depth() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      )
      return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)
    },
    async *take(limit, signal) {
      const seen = new Set<string>()
      let received: Message[] = []
      let empty = 0
      try {
        while (seen.size < limit && empty < emptyAnswers && !signal?.aborted) {
          // SQS may deliver a message twice.
          const some = await receive(client, url, Math.min(10, limit - seen.size))
          received = some.filter(({ MessageId = '' }) => !seen.has(MessageId))
          empty = received.length > 0 ? 0 : empty + 1
          for (let message = received.shift(); message; message = received.shift()) {
            seen.add(message.MessageId ?? '')
            yield takenOf(message)
          }
        }
      } finally {
        // Who ends early leaves what was received and not taken.
        await Promise.allSettled(received.map((message) => takenOf(message).release()))
      }
    },
  }
}

async function receive(client: SQSClient, url: string, most: number): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: most,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  )
  return Messages
}

function resting(queue: string, message: Message) {
  const { MessageId = '', Body = '', Attributes, MessageAttributes = {} } = message
  // SQS moved it here after its tries: what kept a rule from delivering it is over since a redrive.
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
 * Whole: the group that keeps the queue fair, and the attributes, with it.
 *
 * @throws EcosError `no-source-queue` without a url
 */
export async function sendLetter(
  client: SQSClient,
  url: string | undefined,
  message: Message,
): Promise<void> {
  if (url === undefined) {
    throw new EcosError('no-source-queue', 'The queue that the message came from is not there')
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

/** What says why a rule could not deliver is not true of the next try. */
function sendable(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): Record<string, MessageAttributeValue> {
  const ofRule = [
    'RULE_ARN',
    'TARGET_ARN',
    'ERROR_CODE',
    'ERROR_MESSAGE',
    'EXHAUSTED_RETRY_CONDITION',
    'RETRY_ATTEMPTS',
  ]
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !ofRule.includes(name)))
}
