import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, SQSRecord } from 'aws-lambda'
import { EcosError } from '../errors.ts'

/** Remembers tries beyond the process that made them. Every call may be repeated: its answer may be lost. */
export interface Witness {
  /**
   * The try with this receive of the message begins.
   *
   * @returns how many before it, one after another, began and never ended
   */
  begin(messageId: string, receive: number): Promise<number>
  /** This try does not begin after all. */
  withdraw(messageId: string, receive: number): Promise<void>
  /** The try ended, in whatever way. */
  end(messageId: string): Promise<void>
}

/** Receives of a message after which it may be what kills the process. */
const trustedReceives = 3

/** Tries of a message, each alone in its process, that never ended: then it is given up. */
const deadTries = 4

/** Milliseconds that a try needs at least, and those that are left to record its end. */
const leastMilliseconds = 8_000
const reservedMilliseconds = 10_000

/**
 * Orders the work of a batch. Long work comes after the short, which would share the CPU with it. A message
 * that kills the process takes its batch with it, so one that was received often is handled after all
 * others, alone.
 */
export function createTurns(
  records: readonly SQSRecord[],
  isLong: (body: string) => boolean = () => false,
): (record: SQSRecord, work: () => Promise<void>) => Promise<void> {
  const trusted = records.filter((record) => !isSuspect(record))
  const longOnes = trusted.filter(({ body }) => isLong(body)).length
  const short = countDown(trusted.length - longOnes)
  const long = countDown(longOnes)
  let line: Promise<unknown> = Promise.all([short.ended, long.ended])
  return (record, work) => {
    if (isSuspect(record)) {
      const turn = line.then(work)
      line = turn.catch(() => undefined)
      return turn
    }
    return isLong(record.body)
      ? short.ended.then(work).finally(long.end)
      : work().finally(short.end)
  }
}

/** Resolves `ended` after `end` was called so often. */
function countDown(count: number): { readonly ended: Promise<void>; end(): void } {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  let left = count
  if (left === 0) resolve()
  return {
    ended,
    end() {
      left -= 1
      if (left === 0) resolve()
    },
  }
}

function isSuspect(record: SQSRecord): boolean {
  return receivesOf(record) > trustedReceives
}

function receivesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount)
}

/**
 * Does the work of a suspect under a witness. A killed process leaves a begun try behind; a failure never
 * does, an outage's as little as others, since its process lives to record the end.
 *
 * @throws EcosError `killed-handler` after so many dead tries; `no-time-left`; whatever the work throws
 */
export async function underWitness<Result>(
  record: SQSRecord,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  witness: Witness | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (witness === undefined || !isSuspect(record)) return work()
  const { messageId } = record
  const left = () => context.getRemainingTimeInMillis() - reservedMilliseconds
  if (left() < leastMilliseconds) throw noTimeLeft()
  const dead = await begin(record, witness)
  const timer = new AbortController()
  try {
    if (dead >= deadTries) {
      const problem = `The function died at each of the last ${dead} tries of this message`
      throw new EcosError('killed-handler', problem, { retryAfterSeconds: 0 })
    }
    // A try that hangs is no kill: it ends here while its process lives.
    const late = sleep(left(), undefined, { signal: timer.signal, ref: false }).then(() => {
      throw noTimeLeft()
    })
    return await Promise.race([work(), late])
  } finally {
    timer.abort()
    await recordEnd(messageId, context, witness)
  }
}

/** A try that may be on record although the call failed is withdrawn: its process lives. */
async function begin(record: SQSRecord, witness: Witness): Promise<number> {
  const { messageId } = record
  const receive = receivesOf(record)
  try {
    return await witness.begin(messageId, receive)
  } catch (error) {
    await witness.withdraw(messageId, receive).catch(() => undefined)
    throw error
  }
}

/** Tries as long as there is time: an end that is not recorded would count as a kill. */
async function recordEnd(
  messageId: string,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  witness: Witness,
): Promise<void> {
  do {
    const isRecorded = await witness.end(messageId).then(
      () => true,
      () => false,
    )
    if (isRecorded) return
    await sleep(250)
  } while (context.getRemainingTimeInMillis() > 1_000)
}

function noTimeLeft(): EcosError {
  const problem = 'The invocation has no time left for this message'
  return new EcosError('no-time-left', problem, { retryable: true })
}
