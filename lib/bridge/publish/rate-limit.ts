/** A limit on calls per second: a token bucket, as EventBridge's own quota is. */
export interface RateLimit {
  /** Takes a token and returns 0, or returns the whole milliseconds until there is one. */
  take(): number
}

/** The share of a second's calls that may start at once after a pause. */
const burst = 0.05

/**
 * In any window of time, at most `perSecond` × its length plus the burst (a twentieth of a second's
 * calls, at least one) may start.
 *
 * @param perSecond calls; a fraction is allowed
 * @param now milliseconds of a clock that never goes back
 */
export function createRateLimit(
  perSecond: number,
  now: () => number = () => performance.now(),
): RateLimit {
  const capacity = Math.max(1, perSecond * burst)
  let tokens = capacity
  let filledAt = now()
  return {
    take() {
      const time = now()
      tokens = Math.min(capacity, tokens + ((time - filledAt) / 1000) * perSecond)
      filledAt = time
      // Timers count whole milliseconds: a fraction would bring the caller back too early.
      if (tokens < 1) return Math.ceil(((1 - tokens) / perSecond) * 1000)
      tokens -= 1
      return 0
    },
  }
}

export const unlimited: RateLimit = { take: () => 0 }
