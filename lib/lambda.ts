import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { z } from 'zod'
import { EcosError, messageOf } from './errors.ts'
import { retryWait } from './retry.ts'

/** The settings of every queue-fed function, for readEnvironment. */
export const queueVariables = {
  QUEUE_URL: z.url(),
  /** As in the queue's redrive policy. */
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
  RETRY_BASE_SECONDS: z.coerce.number().positive().default(5),
} as const

/** The longest wait between two tries, in seconds. */
const capSeconds = 900

/** What the log says of a message, beside its fate. */
export interface QueueMessageKey {
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
  readonly notificationId?: string
}

export interface Consumer<Message extends QueueMessageKey> {
  parse(body: string): Message
  /**
   * @param isLast whether the message rests in the dead-letter queue if this try fails
   * @param context of the invocation that brought the message
   * @returns the outcome's name, for the log
   * @throws what makes the queue bring the message again
   */
  handle(message: Message, isLast: boolean, context: Context): Promise<string>
}

export interface QueuePorts {
  readonly log: Logger
  readonly maxReceiveCount: number
  readonly retryBaseSeconds: number
  /** Has the queue bring the message again after that many seconds. */
  postpone(receiptHandle: string, seconds: number): Promise<void>
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
  const { log, maxReceiveCount } = ports
  const receiveCount = Number(record.attributes.ApproximateReceiveCount)
  const isLast = receiveCount >= maxReceiveCount
  const about: Record<string, unknown> = { messageId: record.messageId, receiveCount }
  try {
    const message = consumer.parse(record.body)
    const { tenant, eventType, eventId, notificationId } = message
    Object.assign(about, { tenant, eventType, eventId, notificationId })
    log.info('Record handled', {
      ...about,
      outcome: await consumer.handle(message, isLast, context),
    })
  } catch (error) {
    const code = error instanceof EcosError ? error.code : 'unexpected-error'
    const failure = { ...about, outcome: 'failed', isLast, code, reason: messageOf(error) }
    if (isLast) log.error('Record failed for the last time', failure)
    else log.warn('Record failed', failure)
    await setWait(record, receiveCount, isLast, ports)
    throw error
  }
}

/** Where the wait can't be set, the queue's own visibility timeout is the wait. */
async function setWait(
  record: SQSRecord,
  receiveCount: number,
  isLast: boolean,
  { log, retryBaseSeconds: baseSeconds, postpone }: QueuePorts,
): Promise<void> {
  // After the last try there is nothing to wait for: the queue moves it at the next receive.
  const wait = isLast ? 0 : retryWait(receiveCount, { baseSeconds, capSeconds }, Math.random())
  try {
    await postpone(record.receiptHandle, wait)
  } catch (error) {
    log.warn('The wait of a failed record was not set', {
      messageId: record.messageId,
      reason: messageOf(error),
    })
  }
}
