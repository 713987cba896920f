import { randomUUID } from 'node:crypto'
import {
  DeleteRuleCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { chunks } from '../../chunks.ts'
import { sourcePrefix } from '../../events/source.ts'
import type { EventTap } from '../../operations/cell-view.ts'

/** Receives of ten messages in one call of `take`. */
const maxReceives = 50

/** Seconds: the shortest retention that SQS allows. */
const minRetention = 60

export interface TapClients {
  readonly eventBridge: EventBridgeClient
  readonly sqs: SQSClient
}

export interface TapOptions {
  /** A part of the name of the rule and the queue: who taps. */
  readonly owner: string
  /** Events that nobody takes are gone after this time. */
  readonly retentionSeconds?: number
  /** Only events of these types; by default those of every type, results of notifications included. */
  readonly detailTypes?: readonly string[]
}

/** Taps a bus. If a step fails, everything that was created before is removed. */
export async function tapBus(
  { eventBridge, sqs }: TapClients,
  EventBusName: string,
  { owner, retentionSeconds = minRetention, detailTypes }: TapOptions,
): Promise<EventTap> {
  const name = `${EventBusName.slice(0, 30)}-${owner}-${randomUUID().slice(0, 8)}`
  const queue = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { MessageRetentionPeriod: String(retentionSeconds) },
    }),
  )
  const QueueUrl = queue.QueueUrl ?? ''
  const removeQueue = () => sqs.send(new DeleteQueueCommand({ QueueUrl }))
  const removeRule = async () => {
    await eventBridge.send(new RemoveTargetsCommand({ Rule: name, EventBusName, Ids: ['tap'] }))
    await eventBridge.send(new DeleteRuleCommand({ Name: name, EventBusName }))
  }
  try {
    const EventPattern = JSON.stringify({
      source: [{ prefix: sourcePrefix }],
      ...(detailTypes && { 'detail-type': detailTypes }),
    })
    const Description = `Copies events for the ${owner} while it runs; it removes this rule when it ends`
    const { RuleArn = '' } = await eventBridge.send(
      new PutRuleCommand({ Name: name, EventBusName, EventPattern, Description }),
    )
    const Arn = await allow(sqs, QueueUrl, RuleArn)
    await eventBridge.send(
      new PutTargetsCommand({ Rule: name, EventBusName, Targets: [{ Id: 'tap', Arn }] }),
    )
  } catch (error) {
    await Promise.allSettled([removeRule(), removeQueue()])
    throw error
  }
  return {
    take: () => takeAll(sqs, QueueUrl),
    async remove() {
      await removeRule()
      await removeQueue()
    },
  }
}

/** Allows that rule alone to send. @returns the queue's ARN */
async function allow(sqs: SQSClient, QueueUrl: string, RuleArn: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const Resource = Attributes?.QueueArn ?? ''
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource,
    Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  return Resource
}

async function takeAll(sqs: SQSClient, QueueUrl: string): Promise<string[]> {
  const taken: Message[] = []
  for (let receives = 0; receives < maxReceives; receives += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    )
    if (Messages.length === 0) break
    taken.push(...Messages)
  }
  for (const some of chunks(taken, 10)) {
    const Entries = some.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
  return taken.map(({ Body = '' }) => Body)
}
