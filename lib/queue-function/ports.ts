import type { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import type { Fault } from './fault.ts'
import type { QueueMessageKey } from './message-fields.ts'
import type { QueueRetry } from './retry-wait.ts'
import type { Witness } from './suspects.ts'

/** One receive of a message. */
export interface Attempt {
  /** SQS's id of the message, the same at each receive. */
  readonly messageId: string
  /** 1 for the first receive. */
  readonly tries: number
  /** Whether the message goes to the dead-letter queue if this try fails for the message's own fault. */
  readonly isLast: boolean
  /** Whether SQS moves the message to the dead-letter queue if this try fails for any reason. */
  readonly isLastReceive: boolean
  /** When the message was sent to the queue; a redriven message is sent anew. */
  readonly sentAt: Date
}

/** Why a try failed. */
export interface Failure {
  readonly tries: number
  /** Whether the message goes to the dead-letter queue now. */
  readonly isLast: boolean
  readonly fault: Fault
  readonly code: string
  readonly reason: string
}

/** A message that its function gives up, for the dead-letter queue. */
export interface DeadLetter {
  readonly body: string
  readonly receiptHandle: string
  /** MessageGroupId. */
  readonly group?: string
  readonly failure: Failure
}

/** What a function does with the messages of its queue. */
export interface MessageHandler<Message extends QueueMessageKey> {
  parse(body: string): Message
  /** Whether a message takes long: it is handled after the others of its batch. None by default. */
  isLong?(body: string): boolean
  /**
   * @param context of the invocation that brought the message
   * @returns the outcome's name, for the log
   * @throws a failure of the message or of a service (fault.ts). An EcosError's `retryAfterSeconds` is the
   *   wait; 0 sends the message to the dead-letter queue at once
   */
  handle(message: Message, attempt: Attempt, context: Context): Promise<string>
  /** Stores the failure, for the operator who finds the message in the dead-letter queue. */
  recordFailure?(message: Message, failure: Failure, attempt: Attempt): Promise<void>
}

/** The end of one try. */
export interface Settled {
  /** The result of `handle`, or `failed`. */
  readonly outcome: string
  readonly failure?: Failure
  /** Since the record arrived in the function. */
  readonly milliseconds: number
  /** Milliseconds since the message was sent to the queue. */
  readonly sinceSent: number
}

/** The metrics of a try, as fields for its log line. */
export type SettledMetrics = (settled: Settled) => Readonly<Record<string, unknown>> | undefined

export interface QueuePorts {
  readonly log: Logger
  readonly retry: QueueRetry
  /** Hides the message for that many seconds, after which SQS delivers it again. */
  postpone(receiptHandle: string, seconds: number): Promise<void>
  /**
   * Moves the message to the dead-letter queue, with the reason. Without this port the message stays in
   * its queue, without further waits, until SQS has counted `maxReceiveCount` receives.
   */
  deadLetter?(letter: DeadLetter): Promise<void>
  readonly metricsOf?: SettledMetrics
  /** The reason that is logged for an error (default: `reasonOf`, which quotes no unknown error). */
  readonly explain?: (error: unknown) => string
  /** Finds out messages that kill the process. Without it they are tried `maxReceiveCount` times. */
  readonly witness?: Witness
}
