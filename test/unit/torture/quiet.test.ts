import { describe, expect, it } from '@jest/globals'
import { untilQuiet } from '../../../torture/ledger/quiet.ts'

/** Finds these depths of a queue, one after another, and then the last for ever. */
function ledgerOf(...depths: readonly number[]) {
  const left = [...depths]
  return {
    async underWay() {
      const depth = (left.length > 1 ? left.shift() : left[0]) ?? 0
      return new Map(depth > 0 ? [['queue', depth]] : [])
    },
  }
}

describe('untilQuiet', () => {
  it('ends when two looks, one after another, have found nothing', async () => {
    const { after, left } = await untilQuiet(ledgerOf(3, 0, 1, 0, 0), 60, 1)
    expect(after).toBe(0)
    expect(left.size).toBe(0)
  })

  it('gives up where something stays under way', async () => {
    const { after, left } = await untilQuiet(ledgerOf(5, 1), 0.05, 1)
    expect(after).toBeUndefined()
    expect(left).toEqual(new Map([['queue', 1]]))
  })

  it('counts a ledger that can not be read as something under way', async () => {
    const underWay = () => Promise.reject(new Error('the broker is away'))
    const { after, left } = await untilQuiet({ underWay }, 0.05, 1)
    expect(after).toBeUndefined()
    expect([...left.keys()]).toEqual(['Error: the broker is away'])
  })
})
