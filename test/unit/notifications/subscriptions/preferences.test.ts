import { describe, expect, it } from '@jest/globals'
import {
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
  ])('%j are taken', (wish) => {
    expect(faultsOf(wish)).toEqual([])
  })
})
