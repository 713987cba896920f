import { createBackOff } from '../../back-off.ts'
import { EcosError } from '../../errors.ts'
import { whenAborted } from '../../waiting.ts'
import { createJournal } from '../journal.ts'
import type { QueuedMessage } from '../message.ts'
import { inRandomOrder } from '../order-of-suspicion.ts'
import { type BridgeContext, type Fate, routeMessage } from '../settle-message.ts'
import { createSuspects, isSuspect } from '../suspects.ts'
import { storeBackOff, untilSettled } from '../until-settled.ts'
import { type SettledMessages, settledKey } from './settled.ts'

/** Messages of a batch by fate. `known`: settled in an earlier attempt. */
export interface BatchReport {
  readonly bridged: number
  readonly quarantined: number
  readonly known: number
}

/** @param deadline aborted when failed attempts are no longer repeated, and no call is started */
export type BridgeBatch = (
  messages: readonly QueuedMessage[],
  context: Omit<BridgeContext, 'journal'>,
  deadline: AbortSignal,
) => Promise<BatchReport>

/**
 * Bridges batches that Lambda took from Amazon MQ. Lambda retries a batch as a whole, so the settled
 * messages of a failed batch are remembered, and skipped when it comes again.
 */
export function createBatchBridge(settled: SettledMessages): BridgeBatch {
  /**
   * Queues whose last batch was settled: only their redelivered messages are looked up. AWS documents
   * that Lambda retries a failed batch, but not that its messages are then marked as redelivered.
   */
  const clean = new Set<string>()

  /** @throws EcosError `batch-unsettled`: Lambda retries the whole batch */
  return async (messages, given, deadline) => {
    const context = { ...given, journal: createJournal(given.log) }
    const known = await lookUp(messages.filter(isDoubtful), context, deadline)
    const due = messages.filter((message) => !known.has(message))
    const fates = await settleAll(due, context, deadline)
    context.journal.write()
    const withFate = (fate: Fate) => due.filter((message) => fates.get(message) === fate)
    const [bridged, quarantined] = [withFate('bridged'), withFate('quarantined')]
    const unsettled = due.length - bridged.length - quarantined.length
    if (unsettled > 0) {
      for (const { queue } of messages) clean.delete(queue)
      await remember([...bridged, ...quarantined], context)
      throw new EcosError(
        'batch-unsettled',
        `${unsettled} of ${messages.length} messages are not settled: Lambda will retry the batch`,
        { retryable: true },
      )
    }
    for (const { queue } of messages) clean.add(queue)
    return { bridged: bridged.length, quarantined: quarantined.length, known: known.size }
  }

  async function settleAll(
    messages: readonly QueuedMessage[],
    context: BridgeContext,
    deadline: AbortSignal,
  ): Promise<ReadonlyMap<QueuedMessage, Fate>> {
    const fates = new Map<QueuedMessage, Fate>()
    const settle = async (message: QueuedMessage) => {
      const fate = await untilSettled(() => routeMessage(message, context), deadline)
      fates.set(message, fate)
      context.onFate?.(message.tenant, fate)
      // If the next suspect kills the function, this one must not be settled twice.
      if (isSuspect(message) && fate !== 'returned') await remember([message], context)
    }
    // Whether the broker counts when Lambda retries a batch is not documented.
    const settleInTurn = createSuspects(settle, inRandomOrder)
    void whenAborted(deadline).then(() => context.publisher.stop())
    await Promise.all(messages.map(settleInTurn))
    return fates
  }

  function isDoubtful({ queue, redelivered }: QueuedMessage): boolean {
    return redelivered || !clean.has(queue)
  }

  /** Repeats until the deadline: a batch that failed at once would soon be discarded. */
  async function lookUp(
    messages: readonly QueuedMessage[],
    { log }: BridgeContext,
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
        log.warn('Settled messages can not be looked up; nothing is sent', {
          error: error as Error,
        })
        if (deadline.aborted) throw error
        await backOff.wait(deadline)
      }
    }
  }

  async function remember(
    messages: readonly QueuedMessage[],
    { log }: BridgeContext,
  ): Promise<void> {
    try {
      await settled.remember(messages.map(settledKey))
    } catch (error) {
      log.error('Settled messages could not be remembered; they will be settled again', {
        messages: messages.length,
        error: error as Error,
      })
    }
  }
}
