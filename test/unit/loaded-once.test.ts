import { expect, it, jest } from '@jest/globals'
import { loadedOnce } from '../../lib/loaded-once.ts'

it('loads once for all uses', async () => {
  const load = jest.fn(async () => ({}))
  const loaded = loadedOnce(load)
  const [one, other] = await Promise.all([loaded(), loaded()])
  expect(other).toBe(one)
  expect(await loaded()).toBe(one)
  expect(load).toHaveBeenCalledTimes(1)
})

it('loads again after a failure, of which every use that waited learns', async () => {
  const load = jest
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('EMFILE'))
    .mockResolvedValue('client')
  const loaded = loadedOnce(load)
  const answers = await Promise.allSettled([loaded(), loaded()])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(loaded()).resolves.toBe('client')
  expect(load).toHaveBeenCalledTimes(2)
})
