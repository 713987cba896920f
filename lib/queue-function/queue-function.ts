import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { z } from 'zod'
import { EcosError, messageOf } from '../errors.ts'
import { fieldsOf, type MessageFields, type QueueMessageKey } from './message-fields.ts'
import { retryWait, type Waits } from './retry-wait.ts'

/** The settings of a function that handles events, for readEnvironment. */
export const queueVariables = {
  QUEUE_URL: z.url(),
  /** As in the queue's redrive policy. */
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
  RETRY_BASE_SECONDS: z.coerce.number().positive().default(5),
} as const

/** Waits that double from the first on, up to 15 minutes, half of each left to chance. */
export function doublingRetry(tries: number, firstWaitSeconds: number): QueuePorts['retry'] {
  return { tries, firstWaitSeconds, factor: 2, capSeconds: 900, jitter: 0.5 }
}

/**
 * The longest that a message may be made to wait, in seconds. SQS hides a message for 12 hours from its
 * receive at most (API reference, ChangeMessageVisibility): an hour is left for the function itself.
 */
export const longestWait = 39_600

/** One receive of a message. */
export interface Attempt {
  /** 1 for the first receive. */
  readonly tries: number
  /** Whether the message rests in the dead-letter queue if this try fails. */
  readonly isLast: boolean
}

/** Why a try failed. */
export interface Failure extends Attempt {
  readonly code: string
  readonly reason: string
}

export interface Consumer<Message extends QueueMessageKey> {
  parse(body: string): Message
  /**
   * @param context of the invocation that brought the message
   * @returns the outcome's name, for the log
   * @throws what makes the queue bring the message again, no sooner than after `retryAfterSeconds` if it has any
   */
  handle(message: Message, attempt: Attempt, context: Context): Promise<string>
  /** Keeps a failure beside what is known of the message, for whoever finds it in the dead-letter queue. */
  recordFailure?(message: Message, failure: Failure): Promise<void>
}

/** A message that a function is done with for this time. */
export interface Settled {
  /** As `handle` returned it, or `failed`. */
  readonly outcome: string
  readonly failure?: Failure
  /** From the record's arrival in the function. */
  readonly milliseconds: number
  /** What is known of the message, short of what it says. */
  readonly about: MessageFields
}

export interface QueuePorts {
  readonly log: Logger
  /** `tries` as in the queue's redrive policy. */
  readonly retry: Waits & { readonly tries: number }
  /** Has the queue bring the message again after that many seconds. */
  postpone(receiptHandle: string, seconds: number): Promise<void>
  /** Told of each message once a try is over, for metrics. */
  onSettled?(settled: Settled): void
}

/**
 * A function that SQS feeds. The records of a batch are handled together and fail one by one: only a
 * record that was handled to its end is settled.
 */
export function queueFunction<Message extends QueueMessageKey>(
  consumer: Consumer<Message>,
  ports: QueuePorts,
): middy.MiddyfiedHandler<SQSEvent, SQSBatchResponse, Error, Context> {
  return middy<SQSEvent, SQSBatchResponse, Error, Context>()
    .use(injectLambdaContext(ports.log))
    .handler((event, context) =>
      processPartialResponse(
        event,
        (record: SQSRecord) => handleRecord(record, context, consumer, ports),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      ),
    )
}

async function handleRecord<Message extends QueueMessageKey>(
  record: SQSRecord,
  context: Context,
  consumer: Consumer<Message>,
  ports: QueuePorts,
): Promise<void> {
  const tries = Number(record.attributes.ApproximateReceiveCount)
  const attempt = { tries, isLast: tries >= ports.retry.tries }
  const line = { messageId: record.messageId, tries }
  const start = performance.now()
  const elapsed = () => Math.round(performance.now() - start)
  let about: MessageFields = {}
  let message: Message | undefined
  try {
    message = consumer.parse(record.body)
    about = fieldsOf(message)
    const outcome = await consumer.handle(message, attempt, context)
    ports.log.info('Record handled', { ...line, ...about, outcome })
    ports.onSettled?.({ outcome, milliseconds: elapsed(), about })
  } catch (error) {
    const code = error instanceof EcosError ? error.code : 'unexpected-error'
    const failure = { ...attempt, code, reason: messageOf(error) }
    logFailure({ ...line, ...about, ...failure }, ports.log)
    ports.onSettled?.({ outcome: 'failed', failure, milliseconds: elapsed(), about })
    if (message) await recordFailure(message, failure, consumer, ports.log)
    await setWait(record, error, { ...attempt, about }, ports)
    throw error
  }
}

function logFailure(failure: Failure & Record<string, unknown>, log: Logger): void {
  const line = { ...failure, outcome: 'failed' }
  if (failure.isLast) log.error('Record failed for the last time', line)
  else log.warn('Record failed', line)
}

/** What can't be recorded is in the log, and must not hide why the message failed. */
async function recordFailure<Message extends QueueMessageKey>(
  message: Message,
  failure: Failure,
  consumer: Consumer<Message>,
  log: Logger,
): Promise<void> {
  try {
    await consumer.recordFailure?.(message, failure)
  } catch (error) {
    log.warn('A failure was not recorded', { ...fieldsOf(message), reason: messageOf(error) })
  }
}

/** Where the wait can't be set, the queue's own visibility timeout is the wait. */
async function setWait(
  record: SQSRecord,
  error: unknown,
  { tries, isLast, about }: Attempt & { readonly about: MessageFields },
  { log, retry, postpone }: QueuePorts,
): Promise<void> {
  const asked = error instanceof EcosError ? error.retryAfterSeconds : undefined
  // An endpoint that is down and asks for a second each time must not use up all tries in a minute.
  const growing = Math.max(asked ?? 0, retryWait(tries, retry, Math.random()))
  // After the last try there is nothing to wait for: the queue moves it at the next receive.
  const wait = isLast || asked === 0 ? 0 : growing
  try {
    await postpone(record.receiptHandle, Math.min(Math.ceil(wait), longestWait))
  } catch (error) {
    log.warn('The wait of a failed record was not set', {
      messageId: record.messageId,
      ...about,
      reason: messageOf(error),
    })
  }
}
