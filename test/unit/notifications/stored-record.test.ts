import { describe, expect, it } from '@jest/globals'
import { notification } from '../../../lib/notifications/notification.ts'
import { notificationRecord } from '../../../lib/notifications/store.ts'

const key = {
  ...{ notificationId: 'a'.repeat(64), tenant: 'acme', eventType: 'task.assign', eventId: 'e1' },
}
const record = {
  ...{ ...key, username: 'ivanov', channel: 'email', address: 'ivanov@acme.example' },
  ...{ state: 'SENT', deliveries: [], attempts: 0 },
}
const at = '2026-11-25T10:00:00.000Z'
const whole = {
  ...{ ...record, subject: 't1', announce: true, again: 'again-1', reason: 'x', createdAt: at },
  reminder: { text: 'overdue', to: 'recipient', assignedBy: 'e1' },
  deliveries: [
    { at, outcome: 'transient', tookMs: 7, reason: 'SMTP 451', nextAt: at },
    { at, outcome: 'sent', providerId: 'p1', isLast: true },
    ...['permanent', 'gone', 'unknown'].map((outcome) => ({ at, outcome })),
  ],
  ...{ heldUntil: at, awaits: ['b'], digest: true, digestId: 'd1', members: [key], resend: 2 },
  ...{ claim: { id: 'c1', at, until: at }, notBefore: at, endedAt: at, endedBy: 'm1' },
}

describe('the record of a notification', () => {
  it('is read with all that it may hold', () => {
    expect(notificationRecord.parse(whole)).toEqual(whole)
  })

  it('holds the notification as it was made', () => {
    const { state, deliveries, attempts, ...made } = record
    const full = { ...made, subject: 't1', announce: true, again: 'a', reminder: whole.reminder }
    expect(notification.parse({ ...full, state, deliveries, attempts })).toEqual(full)
  })

  it('may lack what has not happened', () => {
    expect(notificationRecord.parse(record)).toEqual({ ...record, resend: 0 })
  })

  it.each([
    { state: 'sent' },
    { channel: 'pigeon' },
    { notificationId: 'a'.repeat(63) },
    { notificationId: `${'a'.repeat(64)}b` },
    { notificationId: 'A'.repeat(64) },
    ...['tenant', 'eventType', 'eventId', 'username', 'address'].map((name) => ({ [name]: '' })),
    { announce: false },
    { deliveries: [{ at, outcome: 'lost' }] },
    { deliveries: [{ outcome: 'sent' }] },
    { deliveries: [{ at, outcome: 'sent', isLast: false }] },
    { members: [{ tenant: 'acme' }] },
    { claim: { id: 'c1', at } },
    { reminder: { text: 'overdue' } },
    { reminder: { text: 'overdue', to: 'nobody' } },
  ])('is refused with a field that does not fit: %j', (wrong) => {
    expect(notificationRecord.safeParse({ ...record, ...wrong }).success).toBe(false)
  })
})
