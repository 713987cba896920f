import { performance as processTime } from 'node:perf_hooks'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { createCallLimit, fillOf } from '../../../../lib/bridge/publish/call-limit.ts'

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

/** A limit, and looks at it after so many milliseconds, of which the event loop worked a share. */
function limitOf(bound: number) {
  let time = 0
  let worked = 0
  const utilization = jest.fn(() => worked)
  const limit = createCallLimit(bound, utilization, () => time)
  return {
    limit,
    utilization,
    /** @returns the limit after an answer */
    look(share: number, { after = 100, hasWaited = true } = {}): number {
      time += after
      worked = share
      if (hasWaited) limit.onWait()
      limit.onAnswer()
      return limit.most
    },
  }
}

describe('createCallLimit', () => {
  afterEach(() => void jest.restoreAllMocks())

  it('doubles up to its bound while the loop has time to spare', () => {
    const { limit, look } = limitOf(300)
    expect(limit.most).toBe(64)
    expect([look(0.94), look(0), look(0.5), look(0.5)]).toEqual([128, 256, 300, 300])
  })

  it('starts at its bound where that is less, and stays there', () => {
    const { limit, look } = limitOf(10)
    expect([limit.most, look(0), look(1)]).toEqual([10, 10, 10])
    limit.onFailure()
    expect(limit.most).toBe(10)
  })

  it('falls by a tenth while the loop is saturated, and then grows by an eighth', () => {
    const { look } = limitOf(1_000)
    expect([look(0), look(0), look(0)]).toEqual([128, 256, 512])
    expect([look(0.991), look(1)]).toEqual([460, 414])
    expect([look(0.5), look(0.5)]).toEqual([466, 524])
  })

  it('stays where it is while the loop is nearly saturated', () => {
    const { look } = limitOf(1_000)
    expect([look(0), look(0.95), look(0.97), look(0.99)]).toEqual([128, 128, 128, 128])
  })

  it('falls by a quarter with a call that fails, and not below its floor', () => {
    const { limit, look } = limitOf(1_000)
    expect([look(0), look(0)]).toEqual([128, 256])
    const fallen = [1, 2, 3, 4, 5, 6].map(() => {
      limit.onFailure()
      return limit.most
    })
    expect(fallen).toEqual([192, 144, 108, 81, 64, 64])
    expect(look(0)).toBe(72)
  })

  it('looks at the loop ten times a second at most, and changes for a call that waited since', () => {
    const { look, utilization } = limitOf(1_000)
    expect([look(0, { after: 99 }), look(0, { after: 1 })]).toEqual([64, 128])
    expect([look(0, { after: 99 }), look(0, { after: 1 })]).toEqual([128, 256])
    expect(utilization).toHaveBeenCalledTimes(2)
    expect([look(0, { hasWaited: false }), look(1, { hasWaited: false })]).toEqual([256, 256])
    // What the loop did meanwhile is not counted in the next look.
    expect(utilization).toHaveBeenCalledTimes(4)
    expect(look(0)).toBe(512)
  })

  it('goes by what the event loop has worked since the last look', () => {
    const loop = { idle: 0, active: 0, utilization: 0 }
    jest.spyOn(processTime, 'eventLoopUtilization').mockImplementation((now, last) => {
      if (!now || !last) return { ...loop }
      const [idle, active] = [now.idle - last.idle, now.active - last.active]
      return { idle, active, utilization: active / (idle + active) }
    })
    let time = 0
    const limit = createCallLimit(1_000, undefined, () => time)
    const spend = (idle: number, active: number) => {
      time += idle + active
      loop.idle += idle
      loop.active += active
      limit.onWait()
      limit.onAnswer()
      return limit.most
    }
    expect([spend(900, 100), spend(0, 200), spend(100, 0)]).toEqual([128, 115, 129])
  })

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

it('what fills so many calls is what is in them, and a fifth of it', () => {
  expect([fillOf(1), fillOf(10), fillOf(64)]).toEqual([12, 120, 768])
})
