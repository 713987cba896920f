import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { retryWait } from '../../../lib/queue-function/retry-wait.ts'

const policy = { firstWaitSeconds: 5, factor: 2, capSeconds: 900, jitter: 0.5 }

describe('the wait before the next try', () => {
  it('grows by the factor from the first to the cap', () => {
    const waits = [1, 2, 3, 8, 9, 1000].map((count) => retryWait(count, policy, 0))
    expect(waits).toEqual([5, 10, 20, 640, 900, 900])
    const steep = { ...policy, factor: 4, jitter: 0 }
    expect([1, 2, 3, 4].map((count) => retryWait(count, steep, 0.9))).toEqual([5, 20, 80, 320])
  })

  it('is whole seconds, less at most what is left to chance', () => {
    const count = fc.integer({ min: 1, max: 10_000 })
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(count, random, (count, random) => {
        const whole = retryWait(count, policy, 0)
        const wait = retryWait(count, policy, random)
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(whole / 2)
        expect(wait).toBeLessThanOrEqual(whole)
      }),
    )
  })

  it('never shrinks below the cap where the factor outweighs the chance', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), random, random, (count, one, other) => {
        expect(retryWait(count + 1, policy, other)).toBeGreaterThanOrEqual(
          retryWait(count, policy, one),
        )
      }),
    )
  })
})
