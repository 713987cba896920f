import type { RetryPolicy } from '../channels/retry-policy.ts'

/** How long a failed message waits in its queue before the next try. */
export type Waits = Pick<RetryPolicy, 'firstWaitSeconds' | 'factor' | 'capSeconds' | 'jitter'>

/** When a queue-fed function tries a failed message again, and when it gives the message up. */
export interface QueueRetry {
  /** The queue's maxReceiveCount: SQS moves the message to the dead-letter queue after as many receives. */
  readonly maxReceiveCount: number
  /** Tries after which a message that fails for its own fault goes to the dead-letter queue. */
  readonly tries: number
  /** Waits after a failure of the message. */
  readonly waits: Waits
  /** Waits after a failure of a service: capped, so that work resumes soon after an outage. */
  readonly outageWaits: Waits
}

/**
 * Seconds: the longest wait. SQS hides a message for at most 12 hours after its receive (API reference,
 * ChangeMessageVisibility); one hour of that is left for the function itself.
 */
export const longestWait = 39_600

/** Seconds: with this cap everything is under way again five minutes after an outage. */
export const outageCapSeconds = 240

/** Waits that double from the first on up to the cap, with half of each wait random. */
export function doubling(firstWaitSeconds: number, capSeconds: number): Waits {
  return {
    firstWaitSeconds: Math.min(firstWaitSeconds, capSeconds),
    factor: 2,
    capSeconds,
    jitter: 0.5,
  }
}

/** The policy of a queue without tries of its own: every failure is bounded by maxReceiveCount. */
export function doublingRetry(maxReceiveCount: number, firstWaitSeconds: number): QueueRetry {
  return {
    maxReceiveCount,
    tries: maxReceiveCount,
    waits: doubling(firstWaitSeconds, 900),
    outageWaits: doubling(firstWaitSeconds, outageCapSeconds),
  }
}

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
