import { createBackOff } from '../back-off.ts'
import type { Fate } from './settle-message.ts'

/** Milliseconds between attempts on a store that failed. */
export const storeBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Repeats the attempt while a store fails, which is not the message's fault.
 *
 * @param over aborted when attempts are no longer repeated
 */
export async function untilSettled(attempt: () => Promise<Fate>, over: AbortSignal): Promise<Fate> {
  const backOff = createBackOff(storeBackOff)
  let fate = await attempt()
  while (fate === 'returned' && !over.aborted) {
    await backOff.wait(over)
    if (!over.aborted) fate = await attempt()
  }
  return fate
}
