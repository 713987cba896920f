import type { RetryPolicy } from '../channels/retry-policy.ts'

/** How long a failed message waits in its queue before the next try. */
export type Waits = Pick<RetryPolicy, 'firstWaitSeconds' | 'factor' | 'capSeconds' | 'jitter'>

/**
 * The wait after the n-th receive: it grows by the factor up to the cap, less a random part, so that
 * messages that failed together do not return together.
 *
 * @param receiveCount 1 for the first receive
 * @param random from 0 up to 1
 * @returns whole seconds, since SQS counts in them
 */
export function retryWait(receiveCount: number, waits: Waits, random: number): number {
  const { firstWaitSeconds, factor, capSeconds, jitter } = waits
  const whole = Math.min(capSeconds, firstWaitSeconds * factor ** (receiveCount - 1))
  return Math.ceil(whole * (1 - random * jitter))
}
