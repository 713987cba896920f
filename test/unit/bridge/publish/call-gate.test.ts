import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createCallGate } from '../../../../lib/bridge/publish/call-gate.ts'
import { unlimited } from '../../../../lib/bridge/publish/rate-limit.ts'

beforeEach(() => {
  jest.useFakeTimers()
  // Half of the longest wait.
  jest.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

function start(rateLimit = unlimited) {
  const onOpen = jest.fn()
  const gate = createCallGate(rateLimit, { firstWait: 100, longestWait: 1_000 }, onOpen)
  return {
    gate,
    onOpen,
    /** Milliseconds until the gate says that it is open. */
    opensAfter(): number {
      const before = onOpen.mock.calls.length
      for (let milliseconds = 0; milliseconds < 2_000; milliseconds += 1) {
        if (onOpen.mock.calls.length > before) return milliseconds
        jest.advanceTimersByTime(1)
      }
      return Number.POSITIVE_INFINITY
    },
  }
}

describe('createCallGate', () => {
  it('lets calls through as the rate limit does', () => {
    const { gate, onOpen } = start()
    expect([gate.pass(), gate.pass()]).toEqual([true, true])
    expect(onOpen).not.toHaveBeenCalled()
  })

  it('says when there is a turn above the rate limit, and takes none until then', () => {
    const waits = [40, 0]
    const take = jest.fn(() => waits.shift() ?? 0)
    const { gate, opensAfter } = start({ take })
    expect([gate.pass(), gate.pass()]).toEqual([false, false])
    expect(take).toHaveBeenCalledTimes(1)
    expect(opensAfter()).toBe(40)
    expect(gate.pass()).toBe(true)
    expect(opensAfter()).toBe(Number.POSITIVE_INFINITY)
  })

  it('is closed after a failed call, longer with each in a row, and without a turn of the rate limit', () => {
    const take = jest.fn(() => 0)
    const { gate, opensAfter } = start({ take })
    const waits = [1, 2, 3, 4, 5, 6].map(() => {
      gate.onFailure()
      expect(gate.pass()).toBe(false)
      return opensAfter()
    })
    expect(waits).toEqual([50, 100, 200, 400, 500, 500])
    expect(take).not.toHaveBeenCalled()
    expect(gate.pass()).toBe(true)
  })

  it('counts calls that fail together as one failure', () => {
    const { gate, opensAfter } = start()
    for (let call = 0; call < 5; call += 1) gate.onFailure()
    expect(opensAfter()).toBe(50)
    gate.onFailure()
    expect(opensAfter()).toBe(100)
  })

  it('begins with the first wait again after an answer', () => {
    const { gate, opensAfter } = start()
    gate.onFailure()
    opensAfter()
    gate.onAnswer()
    gate.onFailure()
    expect(opensAfter()).toBe(50)
  })

  it('opens no more when it is stopped, whatever it waits for and whatever fails afterwards', () => {
    const limited = start({ take: () => 40 })
    limited.gate.pass()
    limited.gate.stop()
    expect(limited.opensAfter()).toBe(Number.POSITIVE_INFINITY)
    const failing = start()
    failing.gate.onFailure()
    failing.gate.stop()
    expect(failing.opensAfter()).toBe(Number.POSITIVE_INFINITY)
    const stopped = start()
    stopped.gate.stop()
    stopped.gate.onFailure()
    expect(stopped.opensAfter()).toBe(Number.POSITIVE_INFINITY)
  })
})
