import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createRetries } from '../../../../lib/bridge/publish/retries.ts'

beforeEach(() => {
  jest.useFakeTimers()
  // Half of the longest wait.
  jest.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

const failed = (times: number) => ({ since: 0, times })

describe('createRetries', () => {
  it('hands each item back after a wait that grows with its own failures', () => {
    const due: string[] = []
    const retries = createRetries<string>({ firstWait: 100, longestWait: 1_000 }, (item) => {
      due.push(`${item} after ${performance.now() - start}`)
    })
    const start = performance.now()
    retries.retry('third', failed(3))
    retries.retry('first', failed(1))
    retries.retry('tenth', failed(10))
    jest.advanceTimersByTime(10_000)
    expect(due).toEqual(['first after 50', 'third after 200', 'tenth after 500'])
  })

  it('returns those that wait when it is cleared, and hands none of them back', () => {
    const due = jest.fn()
    const retries = createRetries<string>({ firstWait: 100 }, due)
    retries.retry('over', failed(1))
    jest.advanceTimersByTime(50)
    expect(due).toHaveBeenCalledTimes(1)
    retries.retry('a', failed(1))
    retries.retry('b', failed(2))
    expect(retries.clear()).toEqual(['a', 'b'])
    expect(retries.clear()).toEqual([])
    jest.advanceTimersByTime(10_000)
    expect(due).toHaveBeenCalledTimes(1)
  })
})
