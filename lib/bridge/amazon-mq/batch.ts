import { createBackOff } from '../../back-off.ts'
import { EcosError } from '../../errors.ts'
import { whenAborted } from '../../waiting.ts'
import { type Carriers, carryMessage, type Fate, quarantineMessage } from '../carry.ts'
import { createJournal } from '../journal.ts'
import type { QueuedMessage } from '../message.ts'
import { createSuspects, isSuspect } from '../suspects.ts'
import { untilSettled } from '../until-settled.ts'
import { noTenant } from './batch-event.ts'
import { type SettledMessages, settledKey } from './settled.ts'

/** How many messages of a batch went where. `known`: settled already when the batch came before. */
export interface BatchReport {
  readonly bridged: number
  readonly quarantined: number
  readonly known: number
}

/** @param deadline aborted when nothing is tried again any more, and no further call is started */
export type CarryBatch = (
  messages: readonly QueuedMessage[],
  carriers: Omit<Carriers, 'journal'>,
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
  return async (messages, given, deadline) => {
    const carriers = { ...given, journal: createJournal(given.log) }
    const known = await lookUp(messages.filter(isDoubtful), carriers, deadline)
    const due = messages.filter((message) => !known.has(message))
    const fates = await carryAll(due, carriers, deadline)
    carriers.journal.write()
    const withFate = (fate: Fate) => due.filter((message) => fates.get(message) === fate)
    const [bridged, quarantined] = [withFate('bridged'), withFate('quarantined')]
    const unsettled = due.length - bridged.length - quarantined.length
    if (unsettled > 0) {
      for (const { queue } of messages) clean.delete(queue)
      await remember([...bridged, ...quarantined], carriers)
      throw new EcosError(
        'batch-unsettled',
        `${unsettled} of ${messages.length} messages are not settled: Lambda brings the batch again`,
        { retryable: true },
      )
    }
    for (const { queue } of messages) clean.add(queue)
    return { bridged: bridged.length, quarantined: quarantined.length, known: known.size }
  }

  async function carryAll(
    messages: readonly QueuedMessage[],
    carriers: Carriers,
    deadline: AbortSignal,
  ): Promise<ReadonlyMap<QueuedMessage, Fate>> {
    const fates = new Map<QueuedMessage, Fate>()
    const carryInTurn = createSuspects(async (message: QueuedMessage) => {
      const fate = await untilSettled(() => carryOnce(message, carriers), deadline)
      fates.set(message, fate)
      carriers.onFate?.(message.tenant, fate)
      // What kills the function next must not have this one settled once more.
      if (isSuspect(message) && fate !== 'returned') await remember([message], carriers)
    })
    void whenAborted(deadline).then(() => carriers.publisher.stop())
    await Promise.all(messages.map(carryInTurn))
    return fates
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

function carryOnce(message: QueuedMessage, carriers: Carriers): Promise<Fate> {
  if (message.tenant !== noTenant) return carryMessage(message, carriers)
  const explanation = `no tenant of this cell in tenants.yml has the queue ${message.queue}`
  return quarantineMessage(message, 'unknown-tenant', explanation, carriers)
}
