import { describe, expect, it } from '@jest/globals'
import {
  maxReminders,
  parseReminder,
  reminders,
  usualReminders,
} from '../../../lib/tenants/reminders.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

function tenant(fields: string) {
  return parseTenants(`tenants:\n  acme:\n    ${fields}\n`, 'tenants.yml')[0]
}

describe('a reminder', () => {
  it.each([
    ['1d before due', { when: 'before due', amount: 1, unit: 'd', to: 'recipient' }],
    ['overdue', { when: 'overdue', amount: 0, unit: 'h', to: 'recipient' }],
    ['  2h   overdue', { when: 'overdue', amount: 2, unit: 'h', text: '2h overdue' }],
    ['4h untaken', { when: 'untaken', amount: 4, unit: 'h', to: 'recipient' }],
    ['20d overdue', { amount: 20, unit: 'd', text: '20d overdue' }],
    ['160h before  due', { amount: 160, unit: 'h', text: '160h before due' }],
    ['overdue, tell initiator', { to: 'initiator', text: 'overdue, tell initiator' }],
    [
      '08 h untaken ,tell  initiator',
      { to: 'initiator', amount: 8, text: '8h untaken, tell initiator' },
    ],
  ])('is written %s', (text, expected) => {
    const parsed = parseReminder(text)
    expect(parsed).toMatchObject(expected)
    expect(parseReminder(parsed?.text ?? '')).toEqual(parsed)
  })

  it.each([
    ...['', 'soon', 'before due', '0d before due', '1m overdue', '21d overdue', '161h untaken'],
    ...['untaken', '0h untaken', 'xoverdue', 'overduex', '1000h overdue', 'overdue, tell nobody'],
    ...['1doverdue', 'd overdue', '-1d overdue', '1d beforedue', '1d before due tell initiator'],
  ])('is not written "%s"', (text) => {
    expect(parseReminder(text)).toBeUndefined()
    expect(reminders.safeParse([text]).error?.issues[0]?.message).toContain(
      `"${text}" is not a reminder: write "1d before due", "overdue"`,
    )
  })

  it('is one of a bounded number, each once', () => {
    expect(reminders.parse(['overdue', ' overdue '])).toEqual(['overdue'])
    const many = Array.from({ length: maxReminders + 1 }, (_, index) => `${index + 1}d overdue`)
    expect(reminders.safeParse(many).error?.issues[0]?.message).toBe('has more than 5 reminders')
    expect(reminders.parse(many.slice(1))).toHaveLength(5)
  })

  it('is one of four for a tenant that asks for the usual ones', () => {
    expect(reminders.parse([...usualReminders])).toEqual([
      ...['1d before due', 'overdue', '4h untaken', '8h untaken, tell initiator'],
    ])
  })
})

describe("a tenant's reminders", () => {
  it.each([
    ['reminders: true', { reminders: usualReminders }],
    ['reminders: false', { reminders: [] }],
    ['reminders: [2d before due]', { reminders: ['2d before due'] }],
    [
      'workingHours: {from: 08:00, to: "17:00"}',
      { workingHours: { from: '08:00', to: '17:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] } },
    ],
    [
      'workingHours: always',
      {
        workingHours: {
          from: '00:00',
          to: '24:00',
          days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        },
      },
    ],
    [
      'workingHours: {days: [sun, mon]}',
      { workingHours: { from: '09:00', to: '18:00', days: ['sun', 'mon'] } },
    ],
    ['workingHours: {to: "24:00"}', { workingHours: { from: '09:00', to: '24:00' } }],
  ])('are read from %s', (text, expected) => {
    expect(tenant(text)).toMatchObject(expected)
  })

  it.each([
    ['reminders: [1 day before]', 'tenants.yml:3: tenants.acme.reminders.0: "1 day before" is not'],
    ['reminders: daily', 'tenants.yml:3: tenants.acme.reminders: '],
    ['workingHours: 9-18', 'tenants.acme.workingHours: write {from: "09:00", to: "18:00"'],
    ['workingHours: {from: 18:00, to: 09:00}', 'workingHours.to: must be later than from'],
    ['workingHours: {from: 25:00}', 'workingHours.from: must be a 24-hour time of day'],
    ['workingHours: {from: 09:00, to: 09:00}', 'workingHours.to: must be later than from'],
    ['workingHours: {from: "24:00"}', 'workingHours.from: must be a 24-hour time of day'],
    [
      'workingHours: {to: "25:00"}',
      'workingHours.to: must be a 24-hour time of day, such as 18:00, or 24:00',
    ],
    ['workingHours: {to: x18:00}', 'workingHours.to: must be a 24-hour time of day, such as 18:00'],
    ['workingHours: {to: 18:000}', 'workingHours.to: must be a 24-hour time of day, such as 18:00'],
    ['workingHours: {to: 24:01}', 'workingHours.to: must be a 24-hour time of day, such as 18:00'],
    ['workingHours: {to: 18}', 'workingHours.to: must be a 24-hour time of day, such as 18:00'],
    ['workingHours: {days: []}', 'workingHours.days: '],
    ['workingHours: {days: [пн]}', 'workingHours.days.0: must be one of mon, tue'],
    ['workingHours: {day: [mon]}', 'workingHours.day: there is no such field'],
  ])('are refused in %s', (text, problem) => {
    expect(() => tenant(text)).toThrow(problem)
  })
})
