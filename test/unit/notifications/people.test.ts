import { describe, expect, it } from '@jest/globals'
import { cutIntoRanges, peopleOf } from '../../../lib/notifications/people.ts'
import type { SubscriptionStore } from '../../../lib/notifications/subscriptions/subscriptions.ts'

const asked: unknown[][] = []
const subscriptions: SubscriptionStore = {
  find: async (tenant, usernames, type) => {
    asked.push([tenant, usernames, type])
    return usernames.map((username) => ({ username, actions: [] }))
  },
  displayNames: async () => ({}),
  async subscribersOf(...of) {
    asked.push(of)
    return { subscribers: [], recipients: 7, next: 'ivanov' }
  },
  async namesOf(...of) {
    asked.push(of)
    return ['ivanov']
  },
}
const of = { tenant: 'acme', type: 'task.assign' } as const
const named = (...names: string[]) => peopleOf({ names, unread: [] }, of, subscriptions)

describe('the people whom an event names', () => {
  const people = named('petrov', 'anna', 'ivanov', 'sidorov')
  const page = async (range: { after?: string; upTo?: string }, limit: number) => {
    const { subscribers, recipients, next } = await people.page(range, limit)
    const names = subscribers.map(({ username }) => username)
    expect(recipients).toBe(names.length)
    return next === undefined ? names : [...names, `next: ${next}`]
  }

  it('are read in the order of their names', async () => {
    asked.length = 0
    expect(await people.names()).toEqual(['anna', 'ivanov', 'petrov', 'sidorov'])
    expect(await page({}, 9)).toEqual(['anna', 'ivanov', 'petrov', 'sidorov'])
    expect(asked).toEqual([['acme', ['anna', 'ivanov', 'petrov', 'sidorov'], 'task.assign']])
  })

  it('come page by page, of which only the last has no next', async () => {
    expect(await page({}, 2)).toEqual(['anna', 'ivanov', 'next: ivanov'])
    expect(await page({ after: 'ivanov' }, 2)).toEqual(['petrov', 'sidorov'])
    expect(await page({ after: 'ivanov' }, 1)).toEqual(['petrov', 'next: petrov'])
    expect(await page({}, 4)).toEqual(['anna', 'ivanov', 'petrov', 'sidorov'])
    expect(await page({ after: 'boris' }, 1)).toEqual(['ivanov', 'next: ivanov'])
  })

  it('of a range end with its last', async () => {
    expect(await page({ upTo: 'ivanov' }, 2)).toEqual(['anna', 'ivanov'])
    expect(await page({ upTo: 'ivanov' }, 1)).toEqual(['anna', 'next: anna'])
    expect(await page({ after: 'anna', upTo: 'oleg' }, 9)).toEqual(['ivanov'])
  })

  it('are none after the last', async () => {
    asked.length = 0
    expect(await page({ after: 'sidorov' }, 9)).toEqual([])
    expect(await page({ after: 'zoe' }, 9)).toEqual([])
    expect(asked).toEqual([])
  })
})

it('the people of an event that names nobody are those who are subscribed', async () => {
  asked.length = 0
  const people = peopleOf('subscribers', of, subscriptions)
  expect(await people.names()).toEqual(['ivanov'])
  const range = { after: 'a', upTo: 'b' }
  expect(await people.page(range, 5)).toEqual({ subscribers: [], recipients: 7, next: 'ivanov' })
  expect(asked).toEqual([
    ['acme', 'task.assign'],
    ['acme', 'task.assign', range, 5],
  ])
})

describe('ranges of names', () => {
  const cut = (count: number, ...names: string[]) =>
    cutIntoRanges(names, count).map(({ after = '', upTo = '' }) => `${after}-${upTo}`)

  it('are of about the same size', () => {
    expect(cut(1, 'a', 'b', 'c')).toEqual(['-'])
    expect(cut(2, 'a', 'b', 'c', 'd')).toEqual(['-b', 'b-'])
    expect(cut(2, 'a', 'b', 'c')).toEqual(['-b', 'b-'])
    expect(cut(3, 'a', 'b', 'c', 'd', 'e', 'f')).toEqual(['-b', 'b-d', 'd-'])
  })

  it('are no more than names', () => {
    expect(cut(3, 'a', 'b')).toEqual(['-a', 'a-'])
    expect(cut(4, 'a')).toEqual(['-'])
    expect(cut(3)).toEqual(['-'])
  })
})
