import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  encodeQueued,
  notificationId,
  parseQueued,
} from '../../../lib/notifications/notification.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '#', '\\', 'я', '\ud800') })
const parts = fc.record({
  tenant: text,
  eventId: text,
  eventType: text,
  username: text,
  channel: fc.constant('email' as const),
  address: text,
})

describe('the id of a notification', () => {
  it('is the same for the same parts, and another for any others', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(notificationId(one) === notificationId(other)).toBe(same)
        expect(notificationId({ ...one })).toBe(notificationId(one))
      }),
    )
  })

  it('tells apart parts that read the same when they are put together', () => {
    const rest = {
      eventType: 'task.create',
      username: 'u',
      channel: 'email',
      address: 'a',
    } as const
    expect(notificationId({ tenant: 'a', eventId: 'b#c', ...rest })).not.toBe(
      notificationId({ tenant: 'a#b', eventId: 'c', ...rest }),
    )
  })

  it('of a reminder is the same for the same task, assignment and reminder, and for no others', () => {
    const of = (text: string, assignedBy?: string, again?: string) =>
      notificationId({
        ...{ tenant: 'acme', eventId: 't1', eventType: 'task.reminder', username: 'u' },
        ...{ channel: 'email', address: 'a', ...(again && { again }) },
        reminder: { text, to: 'recipient', ...(assignedBy && { assignedBy }) },
      })
    const ids = [of('overdue'), of('overdue', 'e1'), of('overdue', 'e2'), of('1d overdue', 'e1')]
    expect(new Set(ids).size).toBe(4)
    // A replay that tells everybody again reminds nobody twice.
    expect(of('overdue', 'e1', 'again-1')).toBe(of('overdue', 'e1'))
  })

  it('of a replay that tells again is another', () => {
    const of = (again: object) =>
      notificationId({
        ...{ tenant: 'acme', eventId: 'e1', eventType: 'task.assign', username: 'u' },
        ...{ channel: 'email', address: 'a', ...again },
      })
    expect(new Set([of({}), of({ again: 'again-1' }), of({ again: 'again-2' })]).size).toBe(3)
  })

  it('stays what it is: ids of notifications that were made must not change', () => {
    const id = notificationId({
      tenant: 'acme',
      eventId: '1',
      eventType: 'task.assign',
      username: 'ivanov',
      channel: 'email',
      address: 'ivanov@acme.example',
    })
    expect(id).toBe('c3929b95cc51b2aabdc3f7aacdf07cf6936e0681350255e4ee40fa0b0be4ae7e')
  })
})

const queued = {
  queuedAt: '2026-11-25T10:00:00.000Z',
  resend: 0,
  notificationId: 'a'.repeat(64),
  tenant: 'acme',
  eventType: 'task.assign',
  eventId: '1',
  channel: 'email',
  address: 'ivanov@acme.example',
  title: 'Новая задача',
  text: 'текст',
  html: '<p>текст</p>',
  locale: 'ru',
} as const

describe('a notification in its queue', () => {
  it('holds only characters that SQS takes, and reads as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = { ...queued, text: `${text}\ufffe\uffff\u0000`, customData: { text } }
        const body = encodeQueued(written)
        // The characters of XML 1.0, which the API reference of SendMessage lists.
        expect(body).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
        expect(parseQueued(body)).toEqual(written)
      }),
    )
  })

  it('has nothing of its record that its sender does not need', () => {
    const reminder = { text: 'overdue', to: 'recipient' }
    const record = { username: 'ivanov', subject: 't1', announce: true, again: 'a', reminder }
    const body = JSON.stringify({ ...queued, ...record })
    expect(parseQueued(body)).toEqual({ ...queued, customData: {} })
  })

  it('is refused by the names of its fields, without what stands in them', () => {
    const body = JSON.stringify({ ...queued, channel: 'pigeon', notificationId: 'secret' })
    expect(() => parseQueued(body)).toThrow(
      expect.objectContaining({
        code: 'invalid-notification',
        message: 'Not a notification: notificationId, channel',
      }),
    )
    expect(() => parseQueued('{"text":"secret')).toThrow('Not a notification: the whole')
  })
})
