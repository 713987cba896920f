import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import { type Kind, readLetter } from '../operations/dead-letter.ts'
import type { LetterBox, TakenLetter } from '../operations/letter-box.ts'
import { kebab } from '../tenants/names.ts'
import { startMoveTask } from './move-tasks.ts'
import { queueUrls } from './queue-urls.ts'

/** How long what was taken stays hidden, in seconds. */
const hiddenSeconds = 600

/** SQS asks only some of its servers unless it may wait, and so may find nothing where there is something. */
const waitSeconds = 1

/** As often nothing may be found before there is nothing. */
const emptyAnswers = 2

/** Puts a quarantined message back into the bridge's queue. */
export type SendToBridge = (body: string) => Promise<void>

export interface LetterBoxOptions {
  /** The name by which the cell's queues start: `ecos-<cell>`. */
  readonly prefix: string
  readonly channels: readonly string[]
  readonly sendToBridge: SendToBridge
}

/** Every dead-letter queue of a cell, and its quarantine. */
export async function listLetterBoxes(
  { prefix, channels, sendToBridge }: LetterBoxOptions,
  client = new SQSClient(),
): Promise<LetterBox[]> {
  const urls = await queueUrls(client, `${prefix}-`)
  const boxes = [...urls].flatMap(([name, url]): LetterBox[] => {
    const short = name.slice(prefix.length + 1)
    if (short === 'quarantine') {
      return [letterBox(client, name, url, 'quarantined', ({ Body = '' }) => sendToBridge(Body))]
    }
    const kind = kindOf(short.replace(/-dlq$/, ''), channels)
    if (kind === undefined || !name.endsWith('-dlq')) return []
    const source = name.replace(/-dlq$/, '')
    const sourceUrl = urls.get(source)
    const box = letterBox(client, name, url, kind, (message) => send(client, sourceUrl, message))
    if (sourceUrl === undefined) return [box]
    return [{ ...box, startMove: (perSecond) => startMoveTask(client, url, sourceUrl, perSecond) }]
  })
  return boxes.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Undefined for what is no queue of this cell: those of `main-eu` start as those of `main` do. */
function kindOf(source: string, channels: readonly string[]): Kind | undefined {
  if (channels.includes(source)) return 'notification'
  return eventTypes.some((type) => kebab(type) === source) ? 'event' : undefined
}

function letterBox(
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

/** Whole: the group that keeps the queue fair, and the attributes, with it. */
async function send(client: SQSClient, url: string | undefined, message: Message): Promise<void> {
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
