import { arnOf, type Resources, type Value } from './cloudformation.ts'

/** AWS: at least six times the function's time-out (Lambda developer guide, SQS event sources). */
const visibilityFactor = 6

/** The longest that SQS keeps a message: 14 days, in seconds. */
const longestRetention = 1_209_600

export interface QueueOptions {
  /** The logical id of the queue; its dead-letter queue's is the same with `Dlq` for `Queue`. */
  readonly logicalId: string
  readonly name: string
  /** Seconds. */
  readonly functionTimeout: number
  readonly maxReceiveCount: number
}

export function dlqOf(logicalId: string): string {
  return logicalId.replace(/Queue$/, 'Dlq')
}

/** A queue that feeds a function, and the dead-letter queue where its tries end. */
export function queueWithDlq({
  logicalId,
  name,
  functionTimeout,
  maxReceiveCount,
}: QueueOptions): Resources {
  const dlq = dlqOf(logicalId)
  return {
    [logicalId]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: name,
        VisibilityTimeout: visibilityFactor * functionTimeout,
        MessageRetentionPeriod: longestRetention,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: arnOf(dlq), maxReceiveCount },
      },
    },
    [dlq]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: `${name}-dlq`,
        MessageRetentionPeriod: longestRetention,
        SqsManagedSseEnabled: true,
      },
    },
  }
}

/** Lets these rules, and nobody else who is not in the account's own policies, write to the queue. */
export function rulesMayWrite(queue: string, ruleIds: readonly string[]): Resources {
  // A condition without values would be refused; without a policy nobody may write.
  if (ruleIds.length === 0) return {}
  const statement: Value = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf(queue),
    Condition: { ArnEquals: { 'aws:SourceArn': ruleIds.map(arnOf) } },
  }
  return {
    [`${queue}Policy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: queue }],
        PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
      },
    },
  }
}
