/** Allows so many calls a second, as a token bucket: EventBridge's own quota is one. */
export interface RateLimit {
  /** Takes a call's token and returns 0; where there is none, the whole milliseconds until there is one. */
  take(): number
}

/** The part of a second's calls that may start together after a pause. */
const burst = 0.05

/**
 * In any window of time at most `perSecond` × its length plus the burst (a twentieth of a second's
 * calls, at least one) are allowed.
 *
 * @param perSecond calls; a fraction is allowed
 * @param now milliseconds of a clock that never goes back
 */
export function createRateLimit(
  perSecond: number,
  now: () => number = () => performance.now(),
): RateLimit {
  const most = Math.max(1, perSecond * burst)
  let tokens = most
  let filledAt = now()
  return {
    take() {
      const time = now()
      tokens = Math.min(most, tokens + ((time - filledAt) / 1000) * perSecond)
      filledAt = time
      // Whole milliseconds, as timers count: a wait of less would bring the caller back too early.
      if (tokens < 1) return Math.ceil(((1 - tokens) / perSecond) * 1000)
      tokens -= 1
      return 0
    },
  }
}

export const unlimited: RateLimit = { take: () => 0 }
