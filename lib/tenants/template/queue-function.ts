import {
  arn,
  arnOf,
  type FunctionDefinition,
  type Resource,
  ref,
  type Value,
} from './cloudformation.ts'
import { dlqOf } from './queue.ts'
import type { Settings } from './settings.ts'

/** Seconds for a batch. */
export const queueFunctionTimeout = 30

export interface QueueFunctionOptions {
  /** The name of its file in functions/, and of the function without the cell's prefix. */
  readonly file: string
  readonly cellPrefix: string
  readonly role: string
  readonly queue: string
  readonly environment: { readonly [name: string]: Value }
  readonly patterns?: readonly string[]
  readonly maxReceiveCount: number
  /** The variables that say how often a message is tried that fails for its own fault. */
  readonly retry: { readonly [name: string]: Value }
  readonly settings: Pick<
    Settings,
    'retryBaseSeconds' | 'outageCapSeconds' | 'batchingWindowSeconds'
  >
  readonly maximumConcurrency: number
  /** Seconds for a batch. */
  readonly timeout?: number
}

/** A queue-fed function that reports failed messages one by one. */
export function queueFunctionDefinition(options: QueueFunctionOptions): FunctionDefinition {
  const { file, cellPrefix, role, queue, environment, patterns = [], retry, settings } = options
  const { timeout = queueFunctionTimeout } = options
  return {
    name: `${cellPrefix}-${file}`,
    handler: `dist/functions/${file}/index.handler`,
    role,
    timeout,
    memorySize: 256,
    package: { patterns: ['!**', `dist/functions/${file}/**`, ...patterns] },
    environment: {
      ...environment,
      QUEUE_URL: ref(queue),
      DEAD_LETTER_QUEUE_URL: ref(dlqOf(queue)),
      MAX_RECEIVE_COUNT: String(options.maxReceiveCount),
      RETRY_BASE_SECONDS: String(settings.retryBaseSeconds),
      OUTAGE_CAP_SECONDS: String(settings.outageCapSeconds),
      ...retry,
    },
    events: [
      {
        sqs: {
          arn: arnOf(queue),
          batchSize: 10,
          maximumBatchingWindow: settings.batchingWindowSeconds,
          functionResponseType: 'ReportBatchItemFailures',
          maximumConcurrency: options.maximumConcurrency,
        },
      },
    ],
  }
}

/** The role of a queue-fed function: its own logs, its own queues, and the given statements. */
export function queueFunctionRole(
  functionName: string,
  queue: string,
  statements: readonly Value[],
): Resource {
  return functionRole(functionName, [
    allow(
      [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
      ],
      arnOf(queue),
    ),
    allow(['sqs:SendMessage'], arnOf(dlqOf(queue))),
    ...statements,
  ])
}

/** The role of a function: its own logs, and the given statements. */
export function functionRole(functionName: string, statements: readonly Value[]): Resource {
  const logGroup = `log-group:/aws/lambda/${functionName}:*`
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'function',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', logGroup)),
              ...statements,
            ],
          },
        },
      ],
    },
  }
}

export function allow(actions: readonly string[], resource: Value): Value {
  return { Effect: 'Allow', Action: actions, Resource: resource }
}
