import { expect, it } from '@jest/globals'
import { pause } from '../../lib/waiting.ts'

it.each([2 ** 31, 1e12, Number.POSITIVE_INFINITY])(
  'a pause of %d ms is no short one',
  async (ms) => {
    const stop = new AbortController()
    let isOver = false
    const pausing = pause(ms, stop.signal).then(() => {
      isOver = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isOver).toBe(false)
    stop.abort()
    await pausing
  },
)
