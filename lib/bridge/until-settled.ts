import { createBackOff } from '../back-off.ts'
import type { Fate } from './carry.ts'

/** Milliseconds: how long a payload store or a quarantine that failed is let rest. */
const storeBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * A store that is down is no fault of the message: it is kept, and tried again.
 *
 * @param over aborted when nothing is tried again any more
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
