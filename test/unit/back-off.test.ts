import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { backOffWait, createBackOff } from '../../lib/back-off.ts'

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

describe('createBackOff', () => {
  afterEach(() => void jest.restoreAllMocks())

  it('doubles its longest wait with each failure, and starts anew after a reset', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1)
    const backOff = createBackOff({ firstWait: 20, longestWait: 1_000 })
    const never = new AbortController().signal
    const waited = async () => {
      const start = performance.now()
      await backOff.wait(never)
      return performance.now() - start
    }
    const waits = [await waited(), await waited(), await waited(), await waited()]
    backOff.reset()
    // A timer may be late, and early by as long as its turn took before it was set.
    expect(waits.every((wait, failures) => wait >= 15 * 2 ** failures)).toBe(true)
    const controller = new AbortController()
    const anew = backOff.wait(controller.signal)
    const fourth = new Promise((resolve) => setTimeout(resolve, 159, 'still waits'))
    expect(await Promise.race([anew, fourth])).toBeUndefined()
  })
})
