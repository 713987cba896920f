import type { SQSRecord } from 'aws-lambda'
import { EcosError } from '../errors.ts'
import { logWithMetrics } from '../log.ts'
import { type Fault, faultOf, reasonOf } from './fault.ts'
import type { MessageFields } from './message-fields.ts'
import type { Attempt, Failure, QueuePorts } from './ports.ts'
import { longestWait, type QueueRetry, retryWait } from './retry-wait.ts'

/** A failed try, and what follows from it. */
export interface Verdict {
  readonly failure: Failure
  /** Whether the function itself moves the message to the dead-letter queue. */
  readonly givesUp: boolean
  /** Seconds until the next try. */
  readonly wait: number
}

/**
 * A message's own fault ends after `tries`; a service's failure only when SQS has counted
 * `maxReceiveCount` receives, and until then with waits that are capped.
 */
export function judge(
  error: unknown,
  attempt: Attempt,
  retry: QueueRetry,
  explain: (error: unknown) => string = reasonOf,
): Verdict {
  const { tries } = attempt
  const fault = faultOf(error)
  const { code, retryAfterSeconds: asked } =
    error instanceof EcosError ? error : { code: 'unexpected-error' }
  const givesUp = asked === 0 || (fault === 'message' && attempt.isLast)
  const isLast = givesUp || attempt.isLastReceive
  const failure = { tries, isLast, fault, code, reason: explain(error) }
  return { failure, givesUp, wait: isLast ? 0 : waitAfter(fault, tries, asked, retry) }
}

function waitAfter(
  fault: Fault,
  tries: number,
  asked: number | undefined,
  { waits, outageWaits }: QueueRetry,
): number {
  // A lock's end is known exactly, and a sender has its channel's own waits.
  if (fault === 'service') return asked ?? retryWait(tries, outageWaits, Math.random())
  // A failing endpoint that asks for one second each time must not use up all tries within a minute.
  return Math.max(asked ?? 0, retryWait(tries, waits, Math.random()))
}

export interface FailedRecord {
  readonly record: SQSRecord
  readonly about: MessageFields
  readonly verdict: Verdict
  /** For the log line. */
  readonly metrics: Readonly<Record<string, unknown>> | undefined
  /** Stores the failure beside what is on record of the message. */
  remember(): Promise<void> | undefined
}

/** @returns whether the message is in the dead-letter queue now, and no longer in its own */
export async function settleFailure(failed: FailedRecord, ports: QueuePorts): Promise<boolean> {
  const { record, about, verdict, metrics } = failed
  const { failure, givesUp, wait } = verdict
  // The store may be what fails: trying it again would only delay the neighbours.
  if (failure.fault === 'message' || failure.isLast) await remember(failed, ports)
  const isDeadLettered = givesUp && (await deadLetter(failed, ports))
  const isPending = givesUp && ports.deadLetter !== undefined && !isDeadLettered
  const line = { messageId: record.messageId, ...about, ...failure, outcome: 'failed' }
  if (failure.isLast && !isPending) {
    logWithMetrics(ports.log, 'error', 'Record failed for the last time', line, metrics)
  } else logWithMetrics(ports.log, 'warn', 'Record failed', line, metrics)
  if (isDeadLettered) return true
  const { outageWaits } = ports.retry
  await setWait(
    failed,
    isPending ? retryWait(failure.tries, outageWaits, Math.random()) : wait,
    ports,
  )
  return false
}

/** A failure that can't be recorded is logged, and must not hide why the message failed. */
async function remember({ about, ...failed }: FailedRecord, { log }: QueuePorts): Promise<void> {
  try {
    await failed.remember()
  } catch (error) {
    log.warn('A failure was not recorded', { ...about, reason: reasonOf(error) })
  }
}

/** If the dead-letter queue can't take the message now, it stays in its own queue for another try. */
async function deadLetter(
  { record, about, verdict }: FailedRecord,
  ports: QueuePorts,
): Promise<boolean> {
  if (ports.deadLetter === undefined) return false
  const { body, receiptHandle, messageId } = record
  const group = record.attributes.MessageGroupId
  try {
    const { failure } = verdict
    await ports.deadLetter({ body, receiptHandle, ...(group !== undefined && { group }), failure })
    return true
  } catch (error) {
    const line = { messageId, ...about, reason: reasonOf(error) }
    ports.log.warn('The dead-letter queue did not take a failed record', line)
    return false
  }
}

/** If the wait can't be set, the queue's own visibility timeout is the wait. */
async function setWait(
  { record, about }: FailedRecord,
  seconds: number,
  { log, postpone }: QueuePorts,
): Promise<void> {
  try {
    await postpone(record.receiptHandle, Math.min(Math.ceil(seconds), longestWait))
  } catch (error) {
    const line = { messageId: record.messageId, ...about, reason: reasonOf(error) }
    log.warn('The wait of a failed record was not set', line)
  }
}
