import {
  DeleteRuleCommand,
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
} from '@aws-sdk/client-sqs'
import type { Cloud } from '../cloud.ts'

/** A rule and a queue of the demo's own, beside those of the product: sees all that passes the bus. */
export type Tap = {
  /** What has passed since the last call. */
  take(): Promise<Message[]>
  remove(): Promise<void>
}

export async function tapBus({ eventBridge, sqs }: Cloud, busName: string): Promise<Tap> {
  const name = `${busName}-demo-tap`
  const rule = { Name: name, EventBusName: busName }
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const pattern = JSON.stringify({ source: [{ prefix: 'ecos.' }] })
  await eventBridge.send(new PutRuleCommand({ ...rule, EventPattern: pattern }))
  const target = { Id: 'tap', Arn: Attributes?.['QueueArn'] ?? '' }
  await eventBridge.send(
    new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets: [target] }),
  )

  return {
    async take() {
      const taken: Message[] = []
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        )
        if (Messages.length === 0) return taken
        taken.push(...Messages)
        const Entries = Messages.map(({ MessageId, ReceiptHandle }) => ({
          Id: MessageId,
          ReceiptHandle,
        }))
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
      }
    },
    async remove() {
      await eventBridge.send(
        new RemoveTargetsCommand({ Rule: name, EventBusName: busName, Ids: ['tap'] }),
      )
      await eventBridge.send(new DeleteRuleCommand(rule))
      await sqs.send(new DeleteQueueCommand({ QueueUrl }))
    },
  }
}
