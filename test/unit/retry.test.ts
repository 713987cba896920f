import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { retryWait } from '../../lib/retry.ts'

const policy = { baseSeconds: 5, capSeconds: 900 }

describe('the wait before the next try', () => {
  it('doubles from the base to the cap', () => {
    const waits = [1, 2, 3, 8, 9, 1000].map((count) => retryWait(count, policy, 0))
    expect(waits).toEqual([5, 10, 20, 640, 900, 900])
  })

  it('is whole seconds between half and all of it', () => {
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

  it('never shrinks below the cap, whatever the random parts', () => {
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
