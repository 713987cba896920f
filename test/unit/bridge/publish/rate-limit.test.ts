import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { createRateLimit } from '../../../../lib/bridge/publish/rate-limit.ts'

/** The times at which an impatient caller gets through, on a clock that the waits move on. */
function grants(perSecond: number, count: number): number[] {
  let clock = 0
  const limit = createRateLimit(perSecond, () => clock)
  return Array.from({ length: count }, () => {
    for (let wait = limit.take(); wait > 0; wait = limit.take()) clock += wait
    return clock
  })
}

describe('createRateLimit', () => {
  it('lets through no more than the rate and the burst, in any window', () => {
    const rates = fc.double({ min: 0.1, max: 5000, noNaN: true })
    fc.assert(
      fc.property(rates, fc.integer({ min: 2, max: 200 }), (perSecond, count) => {
        const times = grants(perSecond, count)
        const burst = Math.max(1, perSecond / 20)
        for (const [from, start] of times.entries()) {
          const seconds = ((times.at(-1) ?? 0) - start) / 1000
          expect(times.length - from).toBeLessThanOrEqual(burst + perSecond * seconds + 1e-3)
        }
      }),
    )
  })

  it('lets the whole rate through', () => {
    const times = grants(100, 205)
    expect(Math.abs((times.at(-1) ?? 0) - 2000)).toBeLessThanOrEqual(1)
  })

  it('does not save up what a pause left unused', () => {
    let clock = 0
    const limit = createRateLimit(100, () => clock)
    clock = 60_000
    const taken = Array.from({ length: 10 }, () => limit.take()).filter((wait) => wait === 0)
    expect(taken).toHaveLength(5)
  })

  it('says how long the rest of a turn takes', () => {
    let clock = 0
    const limit = createRateLimit(10, () => clock)
    expect([limit.take(), limit.take()]).toEqual([0, 100])
    clock = 70
    expect(limit.take()).toBe(30)
    clock = 99.5
    expect(limit.take()).toBe(1)
    clock = 100
    expect(limit.take()).toBe(0)
  })

  describe('by the clock of the process', () => {
    afterEach(() => void jest.useRealTimers())

    it('lets through what is due', () => {
      jest.useFakeTimers()
      const limit = createRateLimit(2)
      expect([limit.take(), limit.take()]).toEqual([0, 500])
      jest.advanceTimersByTime(500)
      expect([limit.take(), limit.take()]).toEqual([0, 500])
    })
  })
})
