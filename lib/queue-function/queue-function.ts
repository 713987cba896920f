import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod'
import { EcosError, messageOf } from '../errors.ts'
import { fieldsOf, type MessageFields, type QueueMessageKey } from './message-fields.ts'
import { retryWait, type Waits } from './retry-wait.ts'

/** Environment variables of a function that handles events, for readEnvironment. */
export const queueVariables = {
  QUEUE_URL: z.url(),
  /** As in the queue's redrive policy. */
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
  RETRY_BASE_SECONDS: z.coerce.number().positive().default(5),
} as const

/** Waits that double up to 15 minutes, with half of each wait random. */
export function doublingRetry(tries: number, firstWaitSeconds: number): QueuePorts['retry'] {
  return { tries, firstWaitSeconds, factor: 2, capSeconds: 900, jitter: 0.5 }
}

/**
 * Seconds: the longest wait. SQS hides a message for at most 12 hours after its receive (API reference,
 * ChangeMessageVisibility); one hour of that is left for the function itself.
 */
export const longestWait = 39_600

/** One receive of a message. */
export interface Attempt {
  /** 1 for the first receive. */
  readonly tries: number
  /** Whether the message moves to the dead-letter queue if this try fails. */
  readonly isLast: boolean
}

/** Why a try failed. */
export interface Failure extends Attempt {
  readonly code: string
  readonly reason: string
}

/** What a function does with the messages of its queue. */
export interface MessageHandler<Message extends QueueMessageKey> {
  parse(body: string): Message
  /**
   * @param context of the invocation that brought the message
   * @returns the outcome's name, for the log
   * @throws to have SQS deliver the message again, no sooner than after the error's `retryAfterSeconds`
   */
  handle(message: Message, attempt: Attempt, context: Context): Promise<string>
  /** Stores the failure, for the operator who finds the message in the dead-letter queue. */
  recordFailure?(message: Message, failure: Failure): Promise<void>
}

/** The end of one try. */
export interface Settled {
  /** The result of `handle`, or `failed`. */
  readonly outcome: string
  readonly failure?: Failure
  /** Since the record arrived in the function. */
  readonly milliseconds: number
  /** The message's ids, without its content. */
  readonly about: MessageFields
}

export interface QueuePorts {
  readonly log: Logger
  /** `tries` as in the queue's redrive policy. */
  readonly retry: Waits & { readonly tries: number }
  /** Hides the message for that many seconds, after which SQS delivers it again. */
  postpone(receiptHandle: string, seconds: number): Promise<void>
  /** Called after each try, for metrics. */
  onSettled?(settled: Settled): void
}

/**
 * A Lambda function fed by SQS. The records of a batch are handled concurrently and reported one by
 * one: only a record whose handling completed is deleted from the queue.
 */
export function queueFunction<Message extends QueueMessageKey>(
  handler: MessageHandler<Message>,
  ports: QueuePorts,
): middy.MiddyfiedHandler<SQSEvent, SQSBatchResponse, Error, Context> {
  return middy<SQSEvent, SQSBatchResponse, Error, Context>()
    .use(injectLambdaContext(ports.log))
    .handler((event, context) =>
      processPartialResponse(
        event,
        (record: SQSRecord) => handleRecord(record, context, handler, ports),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      ),
    )
}

async function handleRecord<Message extends QueueMessageKey>(
  record: SQSRecord,
  context: Context,
  handler: MessageHandler<Message>,
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
    message = handler.parse(record.body)
    about = fieldsOf(message)
    const outcome = await handler.handle(message, attempt, context)
    ports.log.info('Record handled', { ...line, ...about, outcome })
    ports.onSettled?.({ outcome, milliseconds: elapsed(), about })
  } catch (error) {
    const code = error instanceof EcosError ? error.code : 'unexpected-error'
    const failure = { ...attempt, code, reason: messageOf(error) }
    logFailure({ ...line, ...about, ...failure }, ports.log)
    ports.onSettled?.({ outcome: 'failed', failure, milliseconds: elapsed(), about })
    if (message) await recordFailure(message, failure, handler, ports.log)
    await setWait(record, error, { ...attempt, about }, ports)
    throw error
  }
}

function logFailure(failure: Failure & Record<string, unknown>, log: Logger): void {
  const line = { ...failure, outcome: 'failed' }
  if (failure.isLast) log.error('Record failed for the last time', line)
  else log.warn('Record failed', line)
}

/** A failure that can't be recorded is logged, and must not hide why the message failed. */
async function recordFailure<Message extends QueueMessageKey>(
  message: Message,
  failure: Failure,
  handler: MessageHandler<Message>,
  log: Logger,
): Promise<void> {
  try {
    await handler.recordFailure?.(message, failure)
  } catch (error) {
    log.warn('A failure was not recorded', { ...fieldsOf(message), reason: messageOf(error) })
  }
}

/** If the wait can't be set, the queue's own visibility timeout is the wait. */
async function setWait(
  record: SQSRecord,
  error: unknown,
  { tries, isLast, about }: Attempt & { readonly about: MessageFields },
  { log, retry, postpone }: QueuePorts,
): Promise<void> {
  const asked = error instanceof EcosError ? error.retryAfterSeconds : undefined
  // A failing endpoint that asks for one second each time must not use up all tries within a minute.
  const growing = Math.max(asked ?? 0, retryWait(tries, retry, Math.random()))
  // After the last try SQS moves the message to the dead-letter queue at its next receive.
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
