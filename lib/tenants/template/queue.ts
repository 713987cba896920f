import { arn, arnOf, type Resources, ref, type Value } from './cloudformation.ts'

/**
 * AWS recommends at least six times the function's timeout, and the batching window (Lambda developer guide,
 * SQS event sources).
 */
const visibilityFactor = 6

const day = 86_400

/**
 * Seconds for which SQS keeps a message. A standard queue's dead letter keeps the time of its first sending,
 * so a queue's own retention must be shorter for the dead-letter queue to keep it at all. 14 days are SQS's
 * maximum.
 */
export const queueRetention = 4 * day
const dlqRetention = 14 * day

export interface QueueOptions {
  /** The queue's logical id, which ends in `Queue`; the dead-letter queue's ends in `Dlq`. */
  readonly logicalId: string
  readonly name: string
  /** Seconds. */
  readonly functionTimeout: number
  /** Seconds. */
  readonly batchingWindow: number
  readonly maxReceiveCount: number
}

export function dlqOf(logicalId: string): string {
  return logicalId.replace(/Queue$/, 'Dlq')
}

/** A queue that feeds a function, with its dead-letter queue. */
export function queueWithDlq({
  logicalId,
  name,
  functionTimeout,
  batchingWindow,
  maxReceiveCount,
}: QueueOptions): Resources {
  const dlq = dlqOf(logicalId)
  return {
    [logicalId]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: name,
        VisibilityTimeout: visibilityFactor * functionTimeout + batchingWindow,
        MessageRetentionPeriod: queueRetention,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: arnOf(dlq), maxReceiveCount },
      },
    },
    [dlq]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: `${name}-dlq`,
        MessageRetentionPeriod: dlqRetention,
        SqsManagedSseEnabled: true,
      },
    },
  }
}

export function queuePolicyOf(queueLogicalId: string): string {
  return `${queueLogicalId}Policy`
}

/**
 * Lets rules of the account write to the queue, and no other service or account. The rules are matched by
 * name, not by reference: SQS takes up to 60 seconds to apply a policy and EventBridge does not retry a
 * missing permission, so a policy that changed with each new rule would lose the rule's first events.
 *
 * @param rules a rule's resource id with wildcards, `<bus>/<name>`
 */
export function rulesMayWrite(queue: string, rules: string): Resources {
  const statement: Value = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf(queue),
    Condition: {
      ArnLike: { 'aws:SourceArn': arn('events', `rule/${rules}`) },
      StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
    },
  }
  return {
    [queuePolicyOf(queue)]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: queue }],
        PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
      },
    },
  }
}
