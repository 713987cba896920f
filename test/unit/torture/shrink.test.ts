import { describe, expect, it } from '@jest/globals'
import { shrink } from '../../../torture/shrink.ts'

const list = Array.from({ length: 16 }, (_, index) => index)

describe('shrink', () => {
  it('reduces a list to the elements without which nothing fails', async () => {
    const fails = async (some: readonly number[]) => some.includes(3) && some.includes(11)
    expect(await shrink(list, fails, 100)).toEqual([3, 11])
    expect(await shrink(list, async (some) => some.includes(7), 100)).toEqual([7])
  })

  it('ends after a number of runs', async () => {
    let runs = 0
    const fails = async () => {
      runs += 1
      return false
    }
    expect(await shrink(list, fails, 5)).toEqual(list)
    expect(runs).toBe(5)
  })
})
