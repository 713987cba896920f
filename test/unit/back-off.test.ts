import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { backOffWait } from '../../lib/back-off.ts'

describe('backOffWait', () => {
  it('is anything from nothing to a longest wait that doubles up to its cap', () => {
    const policy = { firstWait: 100, longestWait: 1000 }
    const longest = [1, 2, 3, 4, 5, 6].map((failures) => backOffWait(failures, policy, 1))
    expect(longest).toEqual([100, 200, 400, 800, 1000, 1000])
    expect(backOffWait(5, policy, 0)).toBe(0)
  })

  it('is bounded after any number of failures', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), random, (failures, share) => {
        const wait = backOffWait(failures, {}, share)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThan(5_000)
      }),
    )
  })
})
