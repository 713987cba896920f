import { EcosError } from '../../errors.ts'

/** Milliseconds between two reports of entries that failed in calls which the bus answered. */
const reportEvery = 1_000

/**
 * Reports entries that failed in calls which the bus answered, at most once a second.
 *
 * @returns a function that takes the codes of a call's failed entries, and the number of all its entries
 */
export function reportEntryFailures(
  onFailure: ((error: EcosError) => void) | undefined,
): (codes: readonly string[], entries: number) => void {
  let reportedAt = Number.NEGATIVE_INFINITY
  return (codes, entries) => {
    if (performance.now() - reportedAt < reportEvery) return
    reportedAt = performance.now()
    const problem = `EventBridge failed ${codes.length} of ${entries} entries: ${codes.at(-1)}`
    onFailure?.(new EcosError('entries-failed', problem, { retryable: true }))
  }
}
