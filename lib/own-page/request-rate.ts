import { createHash } from 'node:crypto'
import type { RateLimiter } from '../channels/rate-limit.ts'

/** Requests of one person: 20 at once, and then one in three seconds. */
const [perSecond, burst] = [1 / 3, 20]

/** Whether a person may make one more request now. */
export function requestRate(
  limiterOf: (perSecond: number) => Pick<RateLimiter, 'reserve'>,
): (tenant: string, username: string) => Promise<boolean> {
  const limiter = limiterOf(perSecond)
  return async (tenant, username) => {
    const chat = createHash('sha256').update(username).digest('base64url')
    const slots = await limiter.reserve(
      { tenant, channel: 'own-page', chat },
      1,
      (burst / perSecond) * 1000,
    )
    return slots.length > 0
  }
}
