/** How long a message that failed waits in its queue before it is tried again. */
export interface RetryPolicy {
  readonly baseSeconds: number
  readonly capSeconds: number
}

/**
 * The wait after the n-th receive: it doubles each time up to the cap, less a random part of up to
 * one half, so that messages which failed together do not come back together. It never shrinks from
 * one receive to the next before the cap.
 *
 * @param receiveCount 1 for the first receive
 * @param random from 0 up to 1
 * @returns whole seconds, since SQS counts in them
 */
export function retryWait(receiveCount: number, policy: RetryPolicy, random: number): number {
  const whole = Math.min(policy.capSeconds, policy.baseSeconds * 2 ** (receiveCount - 1))
  return Math.ceil(whole * (1 - random / 2))
}
