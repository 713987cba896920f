import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createCallLimit } from '../../../../lib/bridge/publish/call-limit.ts'

/** A bus whose calls take so many milliseconds, of which one thread works an eighth of one for each. */
function modelOf(latency: () => number, bound = 512) {
  let time = 0
  let worked = 0
  const work = 0.125
  const limit = createCallLimit(
    bound,
    () => worked,
    () => time,
  )
  return {
    limit,
    /** Calls answered in so many milliseconds, with ever more waiting. */
    run(milliseconds: number): number {
      let answered = 0
      for (const end = time + milliseconds; time < end; ) {
        const perMillisecond = Math.min(limit.most / latency(), 1 / work)
        worked = perMillisecond * work
        limit.onWait()
        time += 1 / perMillisecond
        answered += 1
        limit.onAnswer()
      }
      return answered
    },
  }
}

describe('createCallLimit', () => {
  it.each([
    [1, 64, 64],
    [10, 64, 96],
    [50, 320, 440],
    [500, 512, 512],
  ])('follows calls of %i ms', (latency, low, high) => {
    const { limit, run } = modelOf(() => latency)
    run(5_000)
    const seen = Array.from({ length: 200 }, () => {
      run(20)
      return limit.most
    })
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(low)
    expect(Math.max(...seen)).toBeLessThanOrEqual(high)
  })

  it('costs little of what the bus and the thread allow', () => {
    for (const latency of [1, 10, 50]) {
      const { run } = modelOf(() => latency)
      run(500)
      expect(run(10_000) / 80_000).toBeGreaterThan(0.9)
    }
  })

  it('follows a latency that changes, up and down', () => {
    let latency = 5
    const { limit, run } = modelOf(() => latency)
    run(2_000)
    const before = limit.most
    latency = 40
    run(2_000)
    expect(limit.most).toBeGreaterThan(3 * before)
    latency = 5
    run(2_000)
    expect(limit.most).toBeLessThan(2 * before)
  })

  it('does not grow while no call has to wait', () => {
    let time = 0
    const limit = createCallLimit(
      128,
      () => 0,
      () => time,
    )
    for (; time < 10_000; time += 30) limit.onAnswer()
    expect(limit.most).toBe(64)
  })

  it('grows on a thread that has time to spare between the pauses of its garbage collector', () => {
    let time = 0
    let worked = 0
    let last = { time, worked }
    const utilization = () => {
      const since = (worked - last.worked) / (time - last.time)
      last = { time, worked }
      return since
    }
    const limit = createCallLimit(128, utilization, () => time)
    while (time < 5_000) {
      time += 1
      worked += time % 100 < 40 ? 1 : 0.8
      limit.onWait()
      limit.onAnswer()
    }
    expect(limit.most).toBe(128)
  })

  it('stays within its bounds, whatever happens', () => {
    const steps = fc.array(
      fc.record({
        what: fc.constantFrom('onAnswer' as const, 'onFailure' as const, 'onWait' as const),
        pause: fc.integer({ min: 0, max: 50 }),
        worked: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), steps, (bound, all) => {
        let time = 0
        let utilization = 0
        const limit = createCallLimit(
          bound,
          () => utilization,
          () => time,
        )
        for (const { what, pause, worked } of all) {
          time += pause
          utilization = worked
          limit[what]()
          expect(limit.most).toBeGreaterThanOrEqual(Math.min(64, bound))
          expect(limit.most).toBeLessThanOrEqual(bound)
        }
      }),
    )
  })
})
