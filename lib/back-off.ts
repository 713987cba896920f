import { pause } from './waiting.ts'

/** The waits after failures, in milliseconds. */
export interface BackOffOptions {
  /** The bound of the first wait; it doubles with each further failure (default 100). */
  readonly firstWait?: number
  /** The bound of every wait (default 5,000). */
  readonly longestWait?: number
}

/**
 * The wait after the n-th failure in a row, with full jitter: a random time from 0 to its bound, so
 * that bridges which failed together do not retry together.
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

/** Growing waits between attempts. */
export interface BackOff {
  /** Waits; resolves at once when the signal is aborted. @param most the longest wait, in milliseconds */
  wait(signal: AbortSignal, most?: number): Promise<void>
  /** Call after a success: the next wait is a first one again. */
  reset(): void
}

export function createBackOff(options: BackOffOptions): BackOff {
  let failures = 0
  return {
    async wait(signal, most = Number.POSITIVE_INFINITY) {
      failures += 1
      await pause(Math.min(most, backOffWait(failures, options, Math.random())), signal)
    },
    reset() {
      failures = 0
    },
  }
}
