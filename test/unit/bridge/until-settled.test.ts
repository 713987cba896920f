import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Fate } from '../../../lib/bridge/settle-message.ts'
import { repeatUntilSettled, untilSettled } from '../../../lib/bridge/until-settled.ts'

// No wait lasts.
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0))
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

const never = new AbortController().signal

/** Attempts with these fates, of which the last is that of all others. */
function attemptsOf(...fates: Fate[]) {
  return jest.fn(async () => (fates.length > 1 ? fates.shift() : fates[0]) as Fate)
}

describe('untilSettled', () => {
  it.each<Fate>(['bridged', 'quarantined', 'unasked', 'dead-lettered'])(
    'makes one attempt at what is %s at once',
    async (fate) => {
      const attempt = attemptsOf(fate, 'returned')
      expect(await untilSettled(attempt, never)).toBe(fate)
      expect(attempt).toHaveBeenCalledTimes(1)
    },
  )

  it('repeats the attempt for as long as a store fails', async () => {
    const attempt = attemptsOf('returned', 'returned', 'returned', 'quarantined')
    expect(await untilSettled(attempt, never)).toBe('quarantined')
    expect(attempt).toHaveBeenCalledTimes(4)
  })

  it('makes the first attempt also when it is over, and no other', async () => {
    const attempt = attemptsOf('returned')
    expect(await untilSettled(attempt, AbortSignal.abort())).toBe('returned')
    expect(attempt).toHaveBeenCalledTimes(1)
  })

  it('gives up when it is over during an attempt, or while it waits', async () => {
    const over = new AbortController()
    let attempts = 0
    const fate = await untilSettled(async () => {
      attempts += 1
      if (attempts === 3) over.abort()
      return 'returned'
    }, over.signal)
    expect([fate, attempts]).toEqual(['returned', 3])
    jest.spyOn(Math, 'random').mockReturnValue(0.999)
    const other = new AbortController()
    const attempt = attemptsOf('returned')
    const settled = untilSettled(attempt, other.signal)
    setImmediate(() => other.abort())
    expect(await settled).toBe('returned')
    expect(attempt).toHaveBeenCalledTimes(1)
  })

  it('gives up when so much time is over since the start of the first attempt', async () => {
    jest.useFakeTimers()
    let attempts = 0
    const attempt = async (): Promise<Fate> => {
      attempts += 1
      jest.advanceTimersByTime(20)
      return 'returned'
    }
    expect(await untilSettled(attempt, never, 60)).toBe('returned')
    expect(attempts).toBe(3)
    attempts = 0
    expect(await untilSettled(attempt, never, 61)).toBe('returned')
    expect(attempts).toBe(4)
  })
})

describe('repeatUntilSettled', () => {
  it('counts the time of the attempt that was made before', async () => {
    jest.useFakeTimers()
    const attempt = attemptsOf('returned', 'bridged')
    const start = performance.now()
    jest.advanceTimersByTime(100)
    expect(await repeatUntilSettled(attempt, start, never, 100)).toBe('returned')
    expect(attempt).not.toHaveBeenCalled()
    expect(await repeatUntilSettled(attempt, start, never, 101)).toBe('bridged')
    expect(attempt).toHaveBeenCalledTimes(2)
  })
})
