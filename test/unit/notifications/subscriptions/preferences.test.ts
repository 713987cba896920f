import { describe, expect, it } from '@jest/globals'
import {
  canWrite,
  isTimeZone,
  newPreferences,
  preferences,
} from '../../../../lib/notifications/subscriptions/preferences.ts'

function faultsOf(wish: object): string[] {
  const { error } = newPreferences.safeParse({ timeZone: 'Europe/Moscow', ...wish })
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('preferences', () => {
  it('hold by default only mails for the digest', () => {
    const parsed = preferences.parse({ timeZone: 'Europe/Moscow', digest: { at: '09:00' } })
    expect(parsed.digest).toEqual({ at: '09:00', channels: ['email'] })
  })

  it.each([
    [{ timeZone: 'Moscow' }, 'timeZone: must be a time zone, such as'],
    [{ timeZone: 'IST' }, 'timeZone: must be a time zone, such as'],
    [{ quietHours: { from: '22:00', to: '24:00' } }, 'quietHours.to: must be a 24-hour time'],
    [{ quietHours: { from: '9:00', to: '10:00' } }, 'quietHours.from: must be a 24-hour time'],
    [
      { quietHours: { from: '08:00', to: '08:00' } },
      'quietHours: quiet hours must last from a minute',
    ],
    [
      { quietHours: { from: '08:00', to: '04:01' } },
      'quietHours: quiet hours must last from a minute',
    ],
    [
      { quietHours: { from: '22:00', to: '08:00' }, digest: { at: '07:59' } },
      'digest.at: must not lie in the quiet hours',
    ],
    [
      { quietHours: { from: '22:00', to: '08:00' }, digest: { at: '22:00' } },
      'digest.at: must not lie in the quiet hours',
    ],
    [
      { quietHours: { from: '13:30', to: '14:15' }, digest: { at: '14:14' } },
      'digest.at: must not lie in the quiet hours',
    ],
    [{ quietHours: { from: '08:00' } }, 'quietHours.to: '],
    [{ quietHours: { from: '08:00', to: '09:00', days: [] } }, 'quietHours: Unrecognized key'],
    [{ digest: { channels: ['email'] } }, 'digest.at: '],
    [{ digest: { at: '09:00', channels: ['pigeon'] } }, 'digest.channels.0: Invalid option'],
    [{ digest: { at: '09:00', days: [] } }, 'digest: Unrecognized key'],
    [{ locale: 'xx' }, 'locale: is not a known language tag'],
    [{ urgent: ['task.created'] }, 'urgent.0: Invalid option'],
    [{ channels: { '*': ['pigeon'] } }, 'channels.*.0: Invalid option'],
    [{ channels: { 'task.created': [] } }, 'channels: Unrecognized key'],
    [{ quiet: true }, ': Unrecognized key: "quiet"'],
  ])('%j are refused by the field at fault', (wish, fault) => {
    expect(faultsOf(wish).map((line) => line.slice(0, fault.length))).toEqual([fault])
  })

  it.each([
    { quietHours: { from: '08:00', to: '04:00' } },
    { quietHours: { from: '22:00', to: '08:00' }, digest: { at: '08:00' } },
    { channels: { '*': [], 'task.create': ['email'] }, urgent: ['task.create'] },
    { channels: { 'task.reminder': ['sms'] }, urgent: ['task.reminder'] },
    { quietHours: { from: '08:00', to: '08:01' } },
    { quietHours: { from: '22:00', to: '08:00' }, digest: { at: '21:59' } },
    { quietHours: { from: '13:30', to: '14:15' }, digest: { at: '14:15', channels: ['sms'] } },
    { digest: { at: '00:00' } },
  ])('%j are taken', (wish) => {
    expect(faultsOf(wish)).toEqual([])
  })
})

describe('a time zone', () => {
  it.each([
    ['Europe/Moscow', true, true],
    ['UTC', true, true],
    // Intl knows it, and Temporal does not compute with it.
    ['IST', false, true],
    ['Nowhere/At_All', false, false],
    ['', false, false],
  ])('%j can be computed with: %s, and written: %s', (zone, computed, written) => {
    // Twice: what is known to be writable is remembered.
    for (const _ of [1, 2]) {
      expect([isTimeZone(zone), canWrite(zone)]).toEqual([computed, written])
    }
  })

  it('of stored preferences may be any text of 64 characters', () => {
    expect(preferences.parse({ timeZone: 'Moscow' })).toEqual({ timeZone: 'Moscow' })
    expect(preferences.safeParse({ timeZone: 'x'.repeat(64) }).success).toBe(true)
    expect(preferences.safeParse({ timeZone: 'x'.repeat(65) }).success).toBe(false)
    expect(preferences.safeParse({}).success).toBe(false)
    const locale = { timeZone: 'UTC', locale: 'en_US' }
    expect(preferences.parse(locale)).toEqual(locale)
    expect(newPreferences.parse(locale)).toEqual({ timeZone: 'UTC', locale: 'en-US' })
    expect(newPreferences.parse({ timeZone: 'UTC' })).toStrictEqual({ timeZone: 'UTC' })
  })
})
