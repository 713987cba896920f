import { createBackOff } from '../back-off.ts'
import type { Fate } from './settle-message.ts'

/** Milliseconds between attempts on a store that failed. */
export const storeBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Repeats the attempt while a store fails, which is not the message's fault.
 *
 * @param over aborted when attempts are no longer repeated
 * @param holdFor milliseconds from the start after which no further attempt is made (default: no limit)
 */
export async function untilSettled(
  attempt: () => Promise<Fate>,
  over: AbortSignal,
  holdFor?: number,
): Promise<Fate> {
  const start = performance.now()
  const fate = await attempt()
  return fate === 'returned' ? repeatUntilSettled(attempt, start, over, holdFor) : fate
}

/**
 * The same after an attempt that failed.
 *
 * @param start of that attempt, by performance.now()
 */
export async function repeatUntilSettled(
  attempt: () => Promise<Fate>,
  start: number,
  over: AbortSignal,
  holdFor = Number.POSITIVE_INFINITY,
): Promise<Fate> {
  const backOff = createBackOff(storeBackOff)
  while (!over.aborted) {
    const left = holdFor - (performance.now() - start)
    if (left <= 0) break
    await backOff.wait(over, left)
    const fate = over.aborted ? 'returned' : await attempt()
    if (fate !== 'returned') return fate
  }
  return 'returned'
}
