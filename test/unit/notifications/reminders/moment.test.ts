import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type MomentOptions, momentOf } from '../../../../lib/notifications/reminders/moment.ts'
import { parseReminder, type Reminder, workingHours } from '../../../../lib/tenants/reminders.ts'

/** Tuesday, 10:00 in Moscow. */
const now = new Date('2026-11-24T07:00:00Z')
const moscow = 'Europe/Moscow'

function moment(text: string, due: string | undefined, more: Partial<MomentOptions> = {}) {
  const reminder = parseReminder(text) as Reminder
  const at = due === undefined ? undefined : Date.parse(due)
  return momentOf(reminder, { due: at, now, timeZone: moscow, ...more })?.toISOString()
}

describe('the moment of a reminder', () => {
  it.each([
    ['a day before', '1d before due', '2026-11-26T15:00:00+03:00', '2026-11-25T12:00:00.000Z'],
    [
      'on Friday for Monday',
      '1d before due',
      '2026-11-30T10:00:00+03:00',
      '2026-11-27T07:00:00.000Z',
    ],
    [
      'on Friday for Sunday',
      '1d before due',
      '2026-11-29T12:00:00+03:00',
      '2026-11-27T09:00:00.000Z',
    ],
    [
      'an hour before work ends',
      '1d before due',
      '2026-11-26T23:59:00+03:00',
      '2026-11-25T14:00:00.000Z',
    ],
    ['when work begins', '1d before due', '2026-11-26T06:00:00+03:00', '2026-11-25T06:00:00.000Z'],
    [
      'hours of work before',
      '2h before due',
      '2026-11-26T10:00:00+03:00',
      '2026-11-25T14:00:00.000Z',
    ],
    [
      'hours of work before an early morning',
      '2h before due',
      '2026-11-26T06:00:00+03:00',
      '2026-11-25T13:00:00.000Z',
    ],
    [
      'before a due time at night',
      '2h before due',
      '2026-11-26T23:59:00+03:00',
      '2026-11-26T13:00:00.000Z',
    ],
    [
      'as soon as it is overdue',
      'overdue',
      '2026-11-26T15:00:00+03:00',
      '2026-11-26T12:00:00.000Z',
    ],
    ['on the next morning', 'overdue', '2026-11-26T23:59:00+03:00', '2026-11-27T06:00:00.000Z'],
    ['on Monday', 'overdue', '2026-11-28T12:00:00+03:00', '2026-11-30T06:00:00.000Z'],
    ['a working day after', '1d overdue', '2026-11-27T12:00:00+03:00', '2026-11-30T09:00:00.000Z'],
    [
      'twenty working days after a Friday evening',
      '20d overdue',
      '2026-11-27T23:59:00+03:00',
      '2026-12-28T06:00:00.000Z',
    ],
    ['hours after it came', '4h untaken', undefined, '2026-11-24T11:00:00.000Z'],
    ['over a night', '10h untaken', undefined, '2026-11-25T08:00:00.000Z'],
  ])('is %s: %s of %s', (_, text, due, expected) => {
    expect(moment(text, due)).toBe(expected)
  })

  it("follows the reader's clock and the tenant's working hours", () => {
    const due = '2026-11-26T12:00:00+03:00'
    expect(moment('overdue', due, { timeZone: 'Asia/Vladivostok' })).toBe(
      '2026-11-26T23:00:00.000Z',
    )
    const always = { workingHours: workingHours.parse('always') }
    expect(moment('overdue', '2026-11-28T23:10:00+03:00', always)).toBe('2026-11-28T20:10:00.000Z')
    const sundays = { workingHours: workingHours.parse({ from: '12:00', days: ['sun'] }) }
    expect(moment('7h untaken', undefined, sundays)).toBe('2026-12-06T10:00:00.000Z')
  })

  it.each([
    ['has passed', '1d before due', '2026-11-24T18:00:00+03:00'],
    ['needs a due date', '1d before due', undefined],
    ['is too far ahead', 'overdue', '2028-01-01T12:00:00Z'],
    ['can not be computed', 'overdue', '+200000-01-01T00:00:00Z'],
  ])('is none if it %s', (_, text, due) => {
    expect(moment(text, due)).toBeUndefined()
  })

  it.each([
    ['to the end of the working day', '9h untaken', '2026-11-24T18:00:00+03:00'],
    ['back to its beginning', '2h before due', '2026-11-26T09:00:00+03:00'],
    ['at the first moment of work', 'overdue', '2026-11-26T09:00:00+03:00'],
  ])('lies on a boundary of working hours: %s', (_, text, expected) => {
    const dues = { '2h before due': '2026-11-26T11:00:00+03:00', overdue: expected }
    const due = dues[text as keyof typeof dues]
    // Tuesday, 09:00 in Moscow.
    const early = { now: new Date('2026-11-24T06:00:00Z') }
    expect(moment(text, due, early)).toBe(new Date(expected).toISOString())
  })

  it('is when work begins where it lasts less than the hour before its end', () => {
    const short = { workingHours: workingHours.parse({ from: '09:00', to: '09:30' }) }
    const due = '2026-11-26T15:00:00+03:00'
    expect(moment('1d before due', due, short)).toBe('2026-11-25T06:00:00.000Z')
  })

  it('is none at the very moment that is now, and is one a moment later', () => {
    const due = '2026-11-25T10:00:00+03:00'
    expect(moment('1d before due', due)).toBeUndefined()
    const before = { now: new Date(now.getTime() - 1) }
    expect(moment('1d before due', due, before)).toBe('2026-11-24T07:00:00.000Z')
  })

  it('is 366 days away at most', () => {
    const always = { workingHours: workingHours.parse('always') }
    expect(moment('overdue', '2027-11-25T07:00:00Z', always)).toBe('2027-11-25T07:00:00.000Z')
    expect(moment('overdue', '2027-11-25T07:00:00.001Z', always)).toBeUndefined()
    // Within them, whereas the due date is not.
    expect(moment('1d before due', '2027-11-26T07:00:00Z', always)).toBe('2027-11-25T07:00:00.000Z')
  })

  it('is at most 45 days after the due date, or after now where that has passed', () => {
    const days = (...all: string[]) => ({ workingHours: workingHours.parse({ days: all }) })
    const due = '2026-12-01T12:00:00+03:00'
    expect(moment('6d overdue', due, days('tue'))).toBe('2027-01-12T09:00:00.000Z')
    expect(moment('7d overdue', due, days('tue'))).toBeUndefined()
    const past = '2026-10-13T12:00:00+03:00'
    expect(moment('20d overdue', past, days('mon', 'tue', 'wed'))).toBe('2026-11-30T09:00:00.000Z')
  })

  it('is none of a due date with which nobody can compute', () => {
    for (const due of [Number.NaN, Infinity, -Infinity, -8.64e15]) {
      const overdue = parseReminder('overdue') as Reminder
      expect(momentOf(overdue, { due, now, timeZone: moscow })).toBeUndefined()
    }
  })

  it('is of the whole millisecond of a due date with a fraction', () => {
    const due = Date.parse('2026-11-26T12:00:00Z') + 0.7
    const overdue = parseReminder('overdue') as Reminder
    expect(momentOf(overdue, { due, now, timeZone: moscow })?.toISOString()).toBe(
      '2026-11-26T12:00:00.000Z',
    )
  })

  it.each(['160h overdue', '160h before due', '160h untaken'])(
    'is none where the working hours of more than a year are too few: %s',
    (text) => {
      const few = workingHours.parse({ from: '09:00', to: '09:30', days: ['mon'] })
      expect(moment(text, '2027-10-01T12:00:00+03:00', { workingHours: few })).toBeUndefined()
    },
  )

  it('keeps working hours over a change of the clock', () => {
    const before = new Date('2026-10-23T14:00:00Z')
    const options = { now: before, timeZone: 'Europe/Berlin' }
    expect(moment('4h untaken', undefined, options)).toBe('2026-10-26T10:00:00.000Z')
    expect(moment('1d before due', '2026-10-26T10:00:00Z', { ...options, now })).toBeUndefined()
    const monday = moment('1d overdue', '2026-10-23T08:00:00Z', options)
    expect(monday).toBe('2026-10-26T09:00:00.000Z')
  })

  it('lies in working hours, before the due date or after it', () => {
    const text = fc.oneof(
      fc.integer({ min: 1, max: 9 }).map((days) => `${days}d before due`),
      fc.integer({ min: 1, max: 90 }).map((hours) => `${hours}h before due`),
      fc.integer({ min: 1, max: 9 }).map((days) => `${days}d overdue`),
      fc.integer({ min: 1, max: 90 }).map((hours) => `${hours}h overdue`),
      fc.constant('overdue'),
    )
    const zone = fc.constantFrom(moscow, 'Asia/Kamchatka', 'America/New_York', 'Europe/Berlin')
    fc.assert(
      fc.property(
        text,
        zone,
        fc.integer({ min: 0, max: 300 * 86_400 }),
        (text, timeZone, seconds) => {
          const due = now.getTime() + seconds * 1000
          const found = momentOf(parseReminder(text) as Reminder, { due, now, timeZone })
          if (found === undefined) return
          expect(text.endsWith('before due') ? found.getTime() < due : found.getTime() >= due).toBe(
            true,
          )
          const local = new Intl.DateTimeFormat('en-GB', {
            ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' },
          }).format(found)
          expect(local).toMatch(/^(Mon|Tue|Wed|Thu|Fri) (09|1[0-7]|18:00)/)
        },
      ),
    )
  })
})
