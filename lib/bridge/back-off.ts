import { pause } from '../waiting.ts'

export interface BackOffOptions {
  /** Milliseconds: the longest first wait; each next one is doubled. */
  readonly first: number
  /** Milliseconds: the longest wait of all. */
  readonly longest: number
}

/** Growing waits between the tries of one thing. */
export interface BackOff {
  /** Waits; resolves at once when the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>
  /** The next wait is a first one again. */
  reset(): void
}

/** Exponential back-off with full jitter: those that failed together do not come back together. */
export function createBackOff({ first, longest }: BackOffOptions): BackOff {
  let failures = 0
  return {
    async wait(signal) {
      const most = Math.min(longest, first * 2 ** failures)
      failures += 1
      await pause(Math.random() * most, signal)
    },
    reset() {
      failures = 0
    },
  }
}
