import {
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { withMarks } from '../plan/marks.ts'
import { takeMessages } from './queues.ts'

/** An event as it was on the bus. */
export interface BusCopy {
  readonly mark: string
  readonly source: string
  readonly detailType: string
  readonly tenant: string
}

/** Copies every event of the bus into a queue of the rig. */
export async function tapBus(
  { eventBridge, sqs }: { eventBridge: EventBridgeClient; sqs: SQSClient },
  EventBusName: string,
) {
  const name = 'torture-tap'
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const EventPattern = JSON.stringify({ source: [{ prefix: 'ecos.' }] })
  await eventBridge.send(new PutRuleCommand({ Name: name, EventBusName, EventPattern }))
  const Targets = [{ Id: 'tap', Arn: Attributes?.['QueueArn'] ?? '' }]
  await eventBridge.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets }))
  const copies: BusCopy[] = []
  return {
    copies: copies as readonly BusCopy[],
    /** Adds what has come to `copies`. */
    async take(): Promise<void> {
      for (const message of await takeMessages(sqs, QueueUrl)) {
        const Body = withMarks(message.Body ?? '')
        // Only these fields: the local AWS may write numbers that are not JSON into the data.
        const text = (pattern: RegExp) => pattern.exec(Body)?.[1] ?? ''
        copies.push({
          mark: text(/"id"\s*:\s*"(rig-\d+-\d+)"/),
          source: JSON.parse(`"${text(/"source"\s*:\s*"(ecos\.(?:[^"\\]|\\.)*)"/)}"`),
          detailType: text(/"detail-type"\s*:\s*"([^"]*)"/),
          tenant: JSON.parse(`"${text(/"tenantid"\s*:\s*"((?:[^"\\]|\\.)*)"/)}"`),
        })
      }
    },
  }
}
