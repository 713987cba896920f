import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { together } from '../../../lib/queue-function/together.ts'

/** Doubles numbers, and remembers its calls. */
function doubling(fails: (items: readonly number[]) => Error | undefined = () => undefined) {
  const calls: number[][] = []
  const call = async (items: readonly number[]) => {
    calls.push([...items])
    const error = fails(items)
    if (error) throw error
    return items.map((item) => item * 2)
  }
  return { calls, call }
}

describe('What is asked for side by side', () => {
  it('is asked for with one call, and each gets its own answer', async () => {
    const { calls, call } = doubling()
    const double = together(call, { most: 10 })
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
    expect(await double(4)).toBe(8)
    expect(calls).toEqual([[1, 2, 3], [4]])
  })

  it('is divided among calls of bounded size', async () => {
    const { calls, call } = doubling()
    const double = together(call, { most: 2, gathering: 1 })
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
    expect(calls).toEqual([[1, 2], [3]])
  })

  it('fails alone if its content is rejected', async () => {
    const refused = new EcosError('call-refused', 'Refused')
    const { calls, call } = doubling((items) => (items.includes(2) ? refused : undefined))
    const double = together(call, { most: 10 })
    const ends = await Promise.allSettled([1, 2, 3].map(double))
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason))).toEqual([
      ...[2, refused, 6],
    ])
    expect(calls).toEqual([[1, 2, 3], [1], [2], [3]])
  })

  it('fails alone if it can not be encoded', async () => {
    const unencodable = new TypeError('Do not know how to serialize a BigInt')
    const { call } = doubling((items) => (items.includes(2) ? unencodable : undefined))
    const double = together(call, { most: 10 })
    const ends = await Promise.allSettled([1, 2, 3].map(double))
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('fails together if the service fails: it is not asked again for each', async () => {
    const down = new EcosError('bus-unavailable', 'Down', { retryable: true })
    const { calls, call } = doubling(() => down)
    const double = together(call, { most: 10 })
    const ends = await Promise.allSettled([1, 2].map(double))
    expect(ends).toEqual([1, 2].map(() => ({ status: 'rejected', reason: down })))
    expect(calls).toEqual([[1, 2]])
  })
})
