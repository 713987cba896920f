import { describe, expect, it } from '@jest/globals'
import { againIn, createRetried, isLate, lateOf } from '../../../console/server/late.ts'
import type { ListedNotification } from '../../../lib/operations/notification-listing.ts'

const one = (channel: string, createdAt: string, reason: string): ListedNotification => ({
  ...{ channel, createdAt, reason, eventId: '1', eventType: 'task.create' },
  state: 'WAIT_FOR_DISPATCH',
})

describe('what is late', () => {
  it('is told by tenant and channel, the oldest first, with what the provider answered it', () => {
    const retried = [
      {
        ...{ tenant: 'acme', isCut: false },
        notifications: [
          one('email', '2026-11-28T10:00:00.000Z', 'SMTP 451 4.7.1'),
          one('sms', '2026-11-28T10:01:00.000Z', 'HTTP 503'),
          one('email', '2026-11-28T10:02:00.000Z', 'SMTP 421'),
        ],
      },
      {
        ...{ tenant: 'globex', isCut: true },
        notifications: [one('email', '2026-11-28T09:00:00.000Z', 'SMTP 452')],
      },
    ]
    expect(lateOf(retried)).toEqual([
      {
        ...{ tenant: 'globex', channel: 'email', count: 1, isMore: true },
        ...{ since: '2026-11-28T09:00:00.000Z', reason: 'SMTP 452', next: [] },
      },
      {
        ...{ tenant: 'acme', channel: 'email', count: 2, isMore: false },
        ...{ since: '2026-11-28T10:00:00.000Z', reason: 'SMTP 451 4.7.1', next: [] },
      },
      {
        ...{ tenant: 'acme', channel: 'sms', count: 1, isMore: false },
        ...{ since: '2026-11-28T10:01:00.000Z', reason: 'HTTP 503', next: [] },
      },
    ])
  })

  it('is late from the first failed try on, and not from its creation: it may have been held for hours', () => {
    const held = {
      ...one('email', '2026-11-28T10:00:00.000Z', 'SMTP 451'),
      triedSince: '2026-11-28T18:00:05.000Z',
    }
    const older = {
      ...one('email', '2026-11-28T17:00:00.000Z', 'SMTP 421'),
      triedSince: '2026-11-28T17:00:01.000Z',
    }
    const lateAmong = (...notifications: ListedNotification[]) =>
      lateOf([{ tenant: 'acme', isCut: false, notifications }])
    expect(lateAmong(held, older)).toMatchObject([
      { count: 2, since: older.triedSince, reason: 'SMTP 421' },
    ])
    const [late] = lateAmong(held)
    const isLateAt = (time: string) => late && isLate(late, new Date(time))
    expect(isLateAt('2026-11-28T18:00:10.000Z')).toBe(false)
    expect(isLateAt('2026-11-28T18:02:05.000Z')).toBe(true)
  })

  it('is tried next at the times that are on record, the soonest first', () => {
    const at = (nextTryAt?: string) => ({
      ...one('email', '2026-11-28T10:00:00.000Z', 'SMTP 451'),
      nextTryAt,
    })
    const [later, sooner] = ['2026-11-28T10:20:00.000Z', '2026-11-28T10:12:00.000Z']
    const notifications = [at(later), at(), at(sooner)]
    expect(lateOf([{ tenant: 'acme', isCut: false, notifications }])).toMatchObject([
      { count: 3, next: [sooner, later] },
    ])
  })

  it('is summed for each channel, with the tenants that wait longest', () => {
    const late = Array.from({ length: 30 }, (_, nth) => ({
      ...{ tenant: `t${nth}`, channel: 'email', count: 2, isMore: nth === 29, next: [] },
      since: `2026-11-28T10:00:${nth + 10}.000Z`,
    }))
    const again = againIn(late, 'email')
    expect(again).toMatchObject({
      ...{ count: 60, isMore: true, since: '2026-11-28T10:00:10.000Z', tenants: 30 },
    })
    expect(again?.worst).toHaveLength(20)
    expect(again?.worst[0]).toEqual({
      ...{ tenant: 't0', count: 2, isMore: false, since: '2026-11-28T10:00:10.000Z' },
    })
    expect(againIn(late, 'sms')).toBeUndefined()
  })
})

describe('what is tried again', () => {
  const names = Array.from({ length: 2_500 }, (_, at) => `tenant-${at}`)

  /** Asks as often as it takes to have asked all, and again. */
  function asking() {
    const asked: (readonly string[])[] = []
    const waiting = new Set<string>()
    const retried = createRetried(async (tenants) => {
      asked.push(tenants)
      const some = tenants.filter((tenant) => waiting.has(tenant))
      return some.map((tenant) => ({ tenant, isCut: false, notifications: [] }))
    })
    const tell = async (tenants = names) => (await retried(tenants)).map(({ tenant }) => tenant)
    return { asked, waiting, tell }
  }

  it('is asked of every tenant in turn, however many they are', async () => {
    const { asked, waiting, tell } = asking()
    for (const name of ['tenant-3', 'tenant-2499']) waiting.add(name)
    expect(await tell()).toEqual(['tenant-3'])
    await tell()
    expect((await tell()).toSorted()).toEqual(['tenant-2499', 'tenant-3'])
    expect(asked.map(({ length }) => length)).toEqual([1_000, 1_000, 500])
    waiting.delete('tenant-3')
    expect(await tell()).toEqual(['tenant-2499'])
    expect(asked.at(-1)?.[0]).toBe('tenant-0')
  })

  it('is forgotten of a tenant that is gone', async () => {
    const { waiting, tell } = asking()
    waiting.add('tenant-3')
    await tell()
    expect(await tell(names.slice(4))).toEqual([])
  })
})
