import { pause } from './waiting.ts'

/** How long the waits after failures are. In milliseconds. */
export interface BackOffOptions {
  /** The longest first wait; each next one may be twice as long (default 100). */
  readonly firstWait?: number
  /** The longest wait of all (default 5,000). */
  readonly longestWait?: number
}

/**
 * The wait after the n-th failure in a row, with full jitter: anything from 0 to the longest, so that
 * bridges that failed together do not come back together.
 *
 * Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter
 *
 * @param failures 1 after the first failure
 * @param random from 0 up to 1
 * @returns milliseconds
 */
export function backOffWait(
  failures: number,
  { firstWait = 100, longestWait = 5_000 }: BackOffOptions,
  random: number,
): number {
  return random * Math.min(longestWait, firstWait * 2 ** (failures - 1))
}

/** Growing waits between the tries of one thing. */
export interface BackOff {
  /** Waits; resolves at once when the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>
  /** The next wait is a first one again. */
  reset(): void
}

export function createBackOff(options: BackOffOptions): BackOff {
  let failures = 0
  return {
    async wait(signal) {
      failures += 1
      await pause(backOffWait(failures, options, Math.random()), signal)
    },
    reset() {
      failures = 0
    },
  }
}
