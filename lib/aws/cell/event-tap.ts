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
import { cellPrefix } from '../../tenants/names.ts'

/** A rule and a queue beside those of the cell, for as long as somebody looks: they get a copy of all that passes. */
export interface EventTap {
  /** The events that passed since the last call, as EventBridge writes them; at most 500. */
  take(): Promise<string[]>
  /** Removes the rule and the queue. */
  remove(): Promise<void>
}

/** Receives of one call. */
const mostReceives = 50

/** Seconds: the shortest that SQS allows, so that what nobody takes is gone. */
const retention = '60'

export interface TapClients {
  readonly eventBridge: EventBridgeClient
  readonly sqs: SQSClient
}

/** Taps a cell's bus. What was made is removed again where the rest fails. */
export async function tapBus({ eventBridge, sqs }: TapClients, cell: string): Promise<EventTap> {
  const EventBusName = cellPrefix(cell)
  const name = `${EventBusName.slice(0, 30)}-console-${randomUUID().slice(0, 8)}`
  const queue = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { MessageRetentionPeriod: retention } }),
  )
  const QueueUrl = queue.QueueUrl ?? ''
  const removeQueue = () => sqs.send(new DeleteQueueCommand({ QueueUrl }))
  const removeRule = async () => {
    await eventBridge.send(new RemoveTargetsCommand({ Rule: name, EventBusName, Ids: ['tap'] }))
    await eventBridge.send(new DeleteRuleCommand({ Name: name, EventBusName }))
  }
  try {
    const EventPattern = JSON.stringify({ source: [{ prefix: 'ecos.' }] })
    const Description = "A console's, to show what passes: it removes it when it ends"
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

/** Only that rule may send. @returns the queue's ARN */
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
  for (let receives = 0; receives < mostReceives; receives += 1) {
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
