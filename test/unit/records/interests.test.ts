import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { cachedInterests, type InterestsOf } from '../../../lib/records/interests.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test('what is wanted is asked for again only after a while, and of each tenant by itself', async () => {
  const ask = jest.fn<InterestsOf>(async () => ({}))
  const interestsOf = cachedInterests(ask, 1_000)
  await Promise.all([interestsOf('acme'), interestsOf('acme'), interestsOf('globex')])
  expect(ask.mock.calls).toEqual([['acme'], ['globex']])
  jest.advanceTimersByTime(1_000)
  await interestsOf('acme')
  expect(ask).toHaveBeenCalledTimes(3)
})

test('what failed is asked for again at once', async () => {
  const ask = jest.fn<InterestsOf>(async () => ({ 'record-changed': { attributes: ['title'] } }))
  ask.mockRejectedValueOnce(new Error('no table'))
  const interestsOf = cachedInterests(ask, 1_000)
  await expect(interestsOf('acme')).rejects.toThrow('no table')
  expect(await interestsOf('acme')).toEqual({ 'record-changed': { attributes: ['title'] } })
})
