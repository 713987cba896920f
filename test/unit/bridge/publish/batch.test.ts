import { describe, expect, it } from '@jest/globals'
import { type Packable, takeBatch } from '../../../../lib/bridge/publish/batch.ts'
import { createFairQueue } from '../../../../lib/bridge/publish/fair-queue.ts'

/** @returns the sizes in each call; `!` marks the entries that go alone */
function callsOf(...items: (number | `${number}!`)[]): number[][] {
  const waiting = createFairQueue<Packable>(1_000)
  for (const item of items) {
    const text = String(item)
    waiting.push('a', { bytes: Number.parseInt(text, 10), alone: text.endsWith('!') })
  }
  const calls: number[][] = []
  while (waiting.size > 0) calls.push(takeBatch(waiting).map(({ bytes }) => bytes))
  return calls
}

describe('takeBatch', () => {
  it('takes ten entries at most', () => {
    const sizes = Array.from({ length: 21 }, () => 1)
    expect(callsOf(...sizes).map(({ length }) => length)).toEqual([10, 10, 1])
  })

  it('takes as many bytes as a call may have, and not one more', () => {
    expect(callsOf(600_000, 400_000)).toEqual([[600_000, 400_000]])
    expect(callsOf(600_000, 400_001)).toEqual([[600_000], [400_001]])
    expect(callsOf(300_000, 300_000, 400_000, 1)).toEqual([[300_000, 300_000, 400_000], [1]])
  })

  it('takes an entry that is larger than a call, for the bus to refuse it', () => {
    expect(callsOf(1_000_001, 1)).toEqual([[1_000_001], [1]])
  })

  it('takes an entry that goes alone with none before and none behind it', () => {
    expect(callsOf(1, '2!', 3, 4)).toEqual([[1], [2], [3, 4]])
    expect(callsOf('1!', '2!')).toEqual([[1], [2]])
  })

  it('takes nothing where nothing waits', () => {
    expect(takeBatch(createFairQueue<Packable>())).toEqual([])
  })
})
