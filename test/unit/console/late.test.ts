import { describe, expect, it } from '@jest/globals'
import { lateOf } from '../../../console/server/late.ts'
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
        ...{ since: '2026-11-28T09:00:00.000Z', reason: 'SMTP 452' },
      },
      {
        ...{ tenant: 'acme', channel: 'email', count: 2, isMore: false },
        ...{ since: '2026-11-28T10:00:00.000Z', reason: 'SMTP 451 4.7.1' },
      },
      {
        ...{ tenant: 'acme', channel: 'sms', count: 1, isMore: false },
        ...{ since: '2026-11-28T10:01:00.000Z', reason: 'HTTP 503' },
      },
    ])
  })
})
