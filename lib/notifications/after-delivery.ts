import type { Delivery } from '../channels/channel.ts'
import type { RetryPolicy } from '../channels/retry-policy.ts'
import { retryWait } from '../queue-function/retry-wait.ts'
import type { NotificationState } from './notification.ts'

/** What is known of a message's deliveries when another one has ended. */
export interface Progress {
  /** Deliveries of this message, with the one that has ended: 1 for the first. */
  readonly tries: number
  /** How many deliveries before it had an unknown outcome. */
  readonly unknowns: number
  /** Whether the policy or the queue allows no further delivery. */
  readonly isLast: boolean
  /** Seconds until the notification's time to live is over. */
  readonly secondsLeft: number
}

/** What follows from a delivery. */
export interface Sequel {
  readonly state: NotificationState
  readonly reason?: string
  /** `done`: its message is deleted; `again`: it is delivered again after the wait. */
  readonly next: 'done' | 'dead-letter' | { readonly again: number }
}

/**
 * Decides how a notification goes on. Once a delivery's outcome is unknown, the notification ends as SENT
 * or UNCERTAIN, since no later failure proves that the person has not received it; and it does not rest in
 * the dead-letter queue, from where a redrive of many would send it a second time.
 */
export function afterDelivery(delivery: Delivery, at: Progress, retry: RetryPolicy): Sequel {
  const { tries, unknowns, isLast, secondsLeft } = at
  if (delivery.outcome === 'sent') return { state: 'SENT', next: 'done' }
  const { reason } = delivery
  const isUncertain = unknowns > 0
  switch (delivery.outcome) {
    case 'gone':
    case 'permanent':
      return { state: isUncertain ? 'UNCERTAIN' : 'ERROR', reason, next: 'done' }
    case 'unknown': {
      const { uncertainRepeats, uncertainWaitSeconds: again } = retry
      const isRepeated = !isLast && unknowns < uncertainRepeats && again < secondsLeft
      return { state: 'UNCERTAIN', reason, next: isRepeated ? { again } : 'done' }
    }
    case 'transient': {
      if (isLast && isUncertain) return { state: 'UNCERTAIN', reason, next: 'done' }
      if (isLast) return { state: 'ERROR', reason, next: 'dead-letter' }
      // An endpoint that asks for one second each time must not use up all tries within a minute.
      const wait = Math.max(delivery.retryAfterSeconds ?? 0, retryWait(tries, retry, Math.random()))
      // Not beyond the time to live.
      const again = Math.max(1, Math.min(wait, secondsLeft))
      return { state: isUncertain ? 'UNCERTAIN' : 'WAIT_FOR_DISPATCH', reason, next: { again } }
    }
  }
}
