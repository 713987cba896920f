import { describe, expect, it } from '@jest/globals'
import type { Preferences } from '../../../lib/notifications/subscriptions/preferences.ts'
import {
  heldOn,
  isNotifiedType,
  outsideQuietHours,
  timingOf,
  whyBlocked,
} from '../../../lib/notifications/timing.ts'

const at = (time: string) => new Date(`2026-03-04T${time}:00Z`)
const iso = (time: string) => at(time).toISOString()
/** Until 13:00. */
const quiet: Preferences = { timeZone: 'UTC', quietHours: { from: '11:00', to: '13:00' } }
const badZone = expect.objectContaining({
  code: 'invalid-preferences',
  message: expect.stringContaining('The time zone IST'),
})

describe('when a notification may be sent', () => {
  const timing = (preferences?: Preferences, time = '12:00') =>
    timingOf(preferences, 'task.assign', 'email', at(time))

  it('is now where nobody wishes otherwise', () => {
    for (const one of [undefined, { timeZone: 'UTC' }, { timeZone: 'UTC', urgent: [] }]) {
      expect(timing(one)).toEqual({ when: 'now' })
    }
    expect(timing(quiet, '10:59')).toEqual({ when: 'now' })
    const urgent = ['task.assign', 'record.update'] as const
    expect(timing({ ...quiet, urgent: [...urgent] })).toEqual({ when: 'now' })
    expect(timing(quiet, '13:00')).toEqual({ when: 'now' })
  })

  it('is the end of the quiet hours, or the next digest on its channels', () => {
    const later = { when: 'later', notBefore: '2026-03-04T13:00:00Z', digest: false }
    expect(timing(quiet)).toEqual(later)
    const digest = { at: '18:00', channels: ['email' as const] }
    expect(timing({ ...quiet, digest })).toEqual({
      ...{ when: 'later', notBefore: '2026-03-04T18:00:00Z', digest: true },
    })
    expect(timing({ timeZone: 'UTC', digest })).toMatchObject({ when: 'later', digest: true })
    expect(timing({ ...quiet, digest: { at: '18:00', channels: ['sms'] } })).toEqual(later)
  })

  it('is by no zone that can not be written, and by one that can where nothing is computed', () => {
    expect(() => timing({ timeZone: 'Mars/Base' })).toThrow('The time zone Mars/Base')
    expect(timing({ timeZone: 'IST' })).toEqual({ when: 'now' })
    expect(() => timing({ ...quiet, timeZone: 'IST' })).toThrow(badZone)
    const digest = { at: '18:00', channels: ['email' as const] }
    expect(() => timing({ timeZone: 'IST', digest })).toThrow(badZone)
  })
})

describe('quiet hours that hold a due notification on', () => {
  const until = (planned: string, now: string, preferences: Preferences = quiet) =>
    heldOn(preferences, 'task.assign', iso(planned), at(now))

  it('are those of the time at which it was due', () => {
    expect(until('12:00', '12:01')).toBe(iso('13:00'))
    expect(until('11:00', '11:00')).toBe(iso('13:00'))
    expect(until('10:59', '11:00')).toBeUndefined()
    expect(until('13:00', '13:01')).toBeUndefined()
  })

  it('are those of now, where the run comes ten minutes late or more', () => {
    expect(until('10:55', '11:04')).toBeUndefined()
    expect(until('10:55', '11:05')).toBe(iso('13:00'))
    expect(until('09:00', '10:59')).toBeUndefined()
    expect(until('12:00', '14:00')).toBeUndefined()
  })

  it('hold nothing once they are over', () => {
    expect(until('12:55', '13:00')).toBeUndefined()
    expect(until('12:55', '13:01')).toBeUndefined()
    // Held for a time that is still to come, it does not go out earlier.
    expect(until('12:55', '12:00')).toBe(iso('13:00'))
  })

  it('are none, or not for what is urgent', () => {
    expect(until('12:00', '12:01', { timeZone: 'IST' })).toBeUndefined()
    expect(until('12:00', '12:01', { ...quiet, urgent: ['task.assign'] })).toBeUndefined()
    const urgent = ['record.update', 'task.assign'] as const
    expect(until('12:00', '12:01', { ...quiet, urgent: [...urgent] })).toBeUndefined()
    expect(until('12:00', '12:01', { ...quiet, urgent: [] })).toBe(iso('13:00'))
    expect(until('12:00', '12:01', { ...quiet, urgent: ['task.reminder'] })).toBe(iso('13:00'))
    expect(() => until('12:00', '12:01', { ...quiet, timeZone: 'IST' })).toThrow(badZone)
  })

  it('end before any moment outside them', () => {
    const outside = (preferences: Preferences | undefined, time: string) =>
      outsideQuietHours(preferences, 'task.assign', at(time)).toISOString()
    expect(outside(undefined, '12:00')).toBe(iso('12:00'))
    expect(outside(quiet, '10:00')).toBe(iso('10:00'))
    expect(outside(quiet, '12:00')).toBe(iso('13:00'))
    expect(outside({ ...quiet, urgent: ['task.assign'] }, '12:00')).toBe(iso('12:00'))
  })
})

describe('the channels of an event type', () => {
  const isOn = (channels: Preferences['channels'], type: Parameters<typeof whyBlocked>[1]) =>
    whyBlocked({ channels }, type, 'email') === undefined

  it('are all, unless the person names some', () => {
    expect(isOn(undefined, 'task.assign')).toBe(true)
    expect(isOn({}, 'task.assign')).toBe(true)
    expect(isOn({ 'task.assign': ['sms', 'email'] }, 'task.assign')).toBe(true)
    expect(isOn({ 'task.assign': ['sms'] }, 'task.assign')).toBe(false)
    expect(isOn({ '*': ['sms'] }, 'task.assign')).toBe(false)
    expect(whyBlocked({ channels: { '*': [] } }, 'task.assign', 'email')).toBe(
      'the person has turned the event type off for this channel',
    )
  })

  it('are those of the type, then of the type that people subscribe to, then of all', () => {
    expect(isOn({ 'task.create': ['email'], 'task.assign': [], '*': [] }, 'task.create')).toBe(true)
    expect(isOn({ 'task.assign': ['email'], '*': [] }, 'task.create')).toBe(true)
    expect(isOn({ 'task.assign': [], '*': ['email'] }, 'task.create')).toBe(false)
    expect(isOn({ 'task.assign': [] }, 'record.update')).toBe(true)
    expect(isOn({ 'task.reminder': ['email'], 'task.assign': [] }, 'task.reminder')).toBe(true)
    expect(isOn({ 'task.assign': [], '*': ['email'] }, 'task.reminder')).toBe(false)
  })
})

it('people are notified of the types of events, and of reminders', () => {
  const types = ['task.assign', 'record.update', 'task.reminder', 'notification.test', 'other']
  expect(types.filter(isNotifiedType)).toEqual(['task.assign', 'record.update', 'task.reminder'])
})
