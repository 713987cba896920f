import { EcosError } from '../errors.ts'
import { whenAborted } from '../waiting.ts'
import { noTenant } from './amazon-mq-event.ts'
import { type SettledMessages, settledKey } from './amazon-mq-settled.ts'
import { createBackOff } from './back-off.ts'
import { type Carriers, carryMessage, type Fate, quarantineMessage } from './carry.ts'
import type { QueuedMessage } from './message.ts'
import { untilSettled } from './until-settled.ts'

/** How many messages of a batch went where. `known`: settled already when the batch came before. */
export interface BatchReport {
  readonly bridged: number
  readonly quarantined: number
  readonly known: number
}

/** @param deadline aborted when nothing is tried again any more, and no further call is started */
export type CarryBatch = (
  messages: readonly QueuedMessage[],
  carriers: Carriers,
  deadline: AbortSignal,
) => Promise<BatchReport>

/** Milliseconds between two questions to a store that does not answer. */
const storeBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Carries batches that Lambda took from Amazon MQ. A batch is settled, or comes again, as a whole:
 * what was settled of one that fails is remembered, and looked up when it comes again.
 */
export function createBatchCarrier(settled: SettledMessages): CarryBatch {
  /**
   * The queues whose last batch was settled: of their messages only those that the broker delivers
   * again are looked up. AWS says that Lambda tries a failed batch again, and not that its messages
   * are marked then.
   */
  const clean = new Set<string>()

  /** @throws EcosError `batch-unsettled`: Lambda brings the whole batch again */
  return async (messages, carriers, deadline) => {
    const known = await lookUp(messages.filter(isDoubtful), carriers, deadline)
    const due = messages.filter((message) => !known.has(message))
    const fates = await carryAll(due, carriers, deadline)
    if (fates.includes('returned')) {
      for (const { queue } of messages) clean.delete(queue)
      await remember(
        due.filter((_, index) => fates[index] !== 'returned'),
        carriers,
      )
      throw unsettled(count(fates, 'returned'), messages.length)
    }
    for (const { queue } of messages) clean.add(queue)
    return {
      bridged: count(fates, 'bridged'),
      quarantined: count(fates, 'quarantined'),
      known: known.size,
    }
  }

  function isDoubtful({ queue, redelivered }: QueuedMessage): boolean {
    return redelivered || !clean.has(queue)
  }

  /** Asks until there is an answer: a batch that failed at once would soon be set aside. */
  async function lookUp(
    messages: readonly QueuedMessage[],
    { log }: Carriers,
    deadline: AbortSignal,
  ): Promise<ReadonlySet<QueuedMessage>> {
    if (messages.length === 0) return new Set()
    const keys = messages.map(settledKey)
    const backOff = createBackOff(storeBackOff)
    for (;;) {
      try {
        const found = await settled.among(keys)
        return new Set(messages.filter((_, index) => found.has(keys[index] ?? '')))
      } catch (error) {
        log.warn('What was settled before is not known; nothing is sent', { error: error as Error })
        if (deadline.aborted) throw error
        await backOff.wait(deadline)
      }
    }
  }

  async function remember(messages: readonly QueuedMessage[], { log }: Carriers): Promise<void> {
    try {
      await settled.remember(messages.map(settledKey))
    } catch (error) {
      log.error('What was settled is not remembered: it is settled once more', {
        messages: messages.length,
        error: error as Error,
      })
    }
  }
}

async function carryAll(
  messages: readonly QueuedMessage[],
  carriers: Carriers,
  deadline: AbortSignal,
): Promise<Fate[]> {
  void whenAborted(deadline).then(() => carriers.publisher.stop())
  return await Promise.all(
    messages.map((message) => untilSettled(() => carryOnce(message, carriers), deadline)),
  )
}

function carryOnce(message: QueuedMessage, carriers: Carriers): Promise<Fate> {
  if (message.tenant !== noTenant) return carryMessage(message, carriers)
  const explanation = `no tenant of this cell in tenants.yml has the queue ${message.queue}`
  return quarantineMessage(message, 'unknown-tenant', explanation, carriers)
}

function count(fates: readonly Fate[], fate: Fate): number {
  return fates.filter((one) => one === fate).length
}

function unsettled(unsettledCount: number, total: number): EcosError {
  return new EcosError(
    'batch-unsettled',
    `${unsettledCount} of ${total} messages are not settled: Lambda brings the batch again`,
    { retryable: true },
  )
}
