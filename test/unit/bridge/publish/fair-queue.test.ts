import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createFairQueue } from '../../../../lib/bridge/publish/fair-queue.ts'

describe('fair queue', () => {
  it('serves a key that comes late after one item of every other, however much waits there', () => {
    const queue = createFairQueue<string>()
    for (let n = 0; n < 5_000; n += 1) queue.push('busy', `busy ${n}`)
    queue.push('calm', 'calm 0')
    expect([queue.take(), queue.take(), queue.take()]).toEqual(['busy 0', 'calm 0', 'busy 1'])
  })

  it('serves so many of a key together as a turn has, and then the next', () => {
    const queue = createFairQueue<string>(2)
    for (const item of ['a1', 'a2', 'a3', 'a4', 'a5']) queue.push('a', item)
    for (const item of ['b1', 'c1', 'c2', 'c3']) queue.push(item.charAt(0), item)
    const taken = Array.from({ length: 9 }, () => queue.take())
    expect(taken).toEqual(['a1', 'a2', 'b1', 'c1', 'c2', 'a3', 'a4', 'c3', 'a5'])
  })

  it('returns each item once, those of a key in their order, and shows beforehand what it takes', () => {
    const action = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constant(undefined))
    fc.assert(
      fc.property(fc.array(action), fc.integer({ min: 1, max: 4 }), (actions, turn) => {
        const queue = createFairQueue<{ key: string; n: number }>(turn)
        const pushed: { key: string; n: number }[] = []
        const taken: { key: string; n: number }[] = []
        for (const [n, key] of actions.entries()) {
          if (key !== undefined) {
            pushed.push({ key, n })
            queue.push(key, { key, n })
          } else {
            const next = queue.peek()
            expect(queue.take()).toBe(next)
            if (next) taken.push(next)
          }
        }
        expect(queue.size).toBe(pushed.length - taken.length)
        taken.push(...queue.clear())
        expect(queue.size).toBe(0)
        for (const key of ['a', 'b', 'c']) {
          const of = (items: typeof pushed) => items.filter((item) => item.key === key)
          expect(of(taken)).toEqual(of(pushed))
        }
      }),
    )
  })

  it('stays in step where far more passes through a key than ever waits', () => {
    const queue = createFairQueue<number>()
    queue.push('a', -1)
    for (let n = 0; n < 10_000; n += 1) {
      queue.push('a', n)
      expect(queue.take()).toBe(n - 1)
    }
  })
})
