import { createBackOff } from '../back-off.ts'
import type { Fate } from './settle-message.ts'

/** Milliseconds between attempts on a store that failed. */
export const storeBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Repeats the attempt while a store fails, which is not the message's fault.
 *
 * @param over aborted when attempts are no longer repeated
 * @param holdFor milliseconds after which no further attempt is made (default: no limit)
 * @param onFailure called when the first attempt has failed
 */
export async function untilSettled(
  attempt: () => Promise<Fate>,
  over: AbortSignal,
  holdFor = Number.POSITIVE_INFINITY,
  onFailure: () => void = () => undefined,
): Promise<Fate> {
  const start = performance.now()
  let fate = await attempt()
  if (fate !== 'returned' || over.aborted) return fate
  onFailure()
  const backOff = createBackOff(storeBackOff)
  while (fate === 'returned' && !over.aborted) {
    const left = holdFor - (performance.now() - start)
    if (left <= 0) return fate
    await backOff.wait(over, left)
    if (!over.aborted) fate = await attempt()
  }
  return fate
}
