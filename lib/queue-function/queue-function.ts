import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod'
import { logWithMetrics } from '../log.ts'
import { fieldsOf, type MessageFields, type QueueMessageKey } from './message-fields.ts'
import type { Attempt, MessageHandler, QueuePorts } from './ports.ts'
import type { QueueRetry } from './retry-wait.ts'
import { judge, settleFailure } from './settle-failure.ts'
import { createTurns, underWitness } from './suspects.ts'

/** Environment variables of a function that handles events, for readEnvironment. */
export const queueVariables = {
  QUEUE_URL: z.url(),
  /** As in the queue's redrive policy. */
  MAX_RECEIVE_COUNT: z.coerce.number().int().positive(),
  RETRY_BASE_SECONDS: z.coerce.number().positive().default(5),
} as const

/** The further variables of a function that dead-letters messages itself. */
export const deadLetterVariables = {
  DEAD_LETTER_QUEUE_URL: z.url(),
  OUTAGE_CAP_SECONDS: z.coerce.number().positive(),
} as const

/**
 * A Lambda function fed by SQS. The records of a batch are handled concurrently and reported one by
 * one: only a record whose handling completed, or which was dead-lettered, is deleted from the queue.
 */
export function queueFunction<Message extends QueueMessageKey>(
  handler: MessageHandler<Message>,
  ports: QueuePorts,
): middy.MiddyfiedHandler<SQSEvent, SQSBatchResponse, Error, Context> {
  return middy<SQSEvent, SQSBatchResponse, Error, Context>()
    .use(injectLambdaContext(ports.log))
    .handler((event, context) => {
      const inTurn = ports.witness ? createTurns(event.Records, handler.isLong) : atOnce
      const handle = (record: SQSRecord) => handleRecord(record, context, handler, ports)
      return processPartialResponse(
        event,
        (record: SQSRecord) => inTurn(record, () => handle(record)),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      )
    })
}

async function handleRecord<Message extends QueueMessageKey>(
  record: SQSRecord,
  context: Context,
  handler: MessageHandler<Message>,
  ports: QueuePorts,
): Promise<void> {
  const attempt = attemptOf(record, ports.retry)
  const line = { messageId: record.messageId, tries: attempt.tries }
  const start = performance.now()
  const times = () => ({
    milliseconds: Math.round(performance.now() - start),
    sinceSent: Math.max(0, Date.now() - attempt.sentAt.getTime()),
  })
  let about: MessageFields = {}
  let message: Message | undefined
  try {
    message = handler.parse(record.body)
    about = fieldsOf(message)
    const parsed = message
    const outcome = await underWitness(record, context, ports.witness, () =>
      handler.handle(parsed, attempt, context),
    )
    const metrics = ports.metricsOf?.({ outcome, ...times() })
    logWithMetrics(ports.log, 'info', 'Record handled', { ...line, ...about, outcome }, metrics)
  } catch (error) {
    const verdict = judge(error, attempt, ports.retry, ports.explain)
    const { failure } = verdict
    const remember = () => message && handler.recordFailure?.(message, failure, attempt)
    const metrics = ports.metricsOf?.({ outcome: 'failed', failure, ...times() })
    const isDeadLettered = await settleFailure({ record, about, verdict, metrics, remember }, ports)
    if (!isDeadLettered) throw error
  }
}

const atOnce = (_: SQSRecord, work: () => Promise<void>) => work()

function attemptOf(
  { messageId, attributes }: SQSRecord,
  { tries, maxReceiveCount }: QueueRetry,
): Attempt {
  const received = Number(attributes.ApproximateReceiveCount)
  return {
    messageId,
    tries: received,
    isLast: received >= Math.min(tries, maxReceiveCount),
    isLastReceive: received >= maxReceiveCount,
    sentAt: new Date(Number(attributes.SentTimestamp ?? 0)),
  }
}
