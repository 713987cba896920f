import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { nextDigest, quietUntil } from '../../../lib/notifications/quiet-hours.ts'
import {
  type Preferences,
  preferences,
} from '../../../lib/notifications/subscriptions/preferences.ts'
import { timingOf } from '../../../lib/notifications/timing.ts'

// The clock of Berlin: on 2026-03-29 from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.
const berlin = 'Europe/Berlin'
const night = { from: '22:00', to: '08:00' }
const instant = (text: string) => Temporal.Instant.from(text)

describe('quiet hours', () => {
  it.each([
    ['2026-01-10T21:59:59+01:00', undefined],
    ['2026-01-10T22:00:00+01:00', '2026-01-11T07:00:00Z'],
    ['2026-01-11T07:59:59+01:00', '2026-01-11T07:00:00Z'],
    ['2026-01-11T08:00:00+01:00', undefined],
    ['2026-03-28T23:00:00+01:00', '2026-03-29T06:00:00Z'],
    ['2026-10-24T23:00:00+02:00', '2026-10-25T07:00:00Z'],
  ])('of a night: at %s until %s', (moment, end) => {
    expect(quietUntil(instant(moment), berlin, night)?.toString()).toBe(end)
  })

  it.each([
    ['an end that is skipped', '22:00', '02:30', '2026-03-29T01:30:00+01:00', '03:30:00+02:00'],
    ['an end that comes twice', '22:00', '02:30', '2026-10-25T01:30:00+02:00', '02:30:00+01:00'],
    [
      'a beginning that is skipped',
      '02:30',
      '08:00',
      '2026-03-29T01:30:00+01:00',
      '08:00:00+02:00',
    ],
    [
      'a beginning that comes twice',
      '02:30',
      '08:00',
      '2026-10-25T02:30:00+02:00',
      '08:00:00+01:00',
    ],
  ])('are not shorter for %s', (_, from, to, moment, end) => {
    const until = quietUntil(instant(moment), berlin, { from, to })
    expect(until?.equals(instant(`${moment.slice(0, 11)}${end}`))).toBe(true)
  })
})

describe('the time of the digest', () => {
  it.each([
    ['2026-01-10T08:59:59+01:00', '09:00', '2026-01-10T08:00:00Z'],
    ['2026-01-10T09:00:00+01:00', '09:00', '2026-01-11T08:00:00Z'],
    ['2026-03-28T10:00:00+01:00', '09:00', '2026-03-29T07:00:00Z'],
    ['2026-03-28T10:00:00+01:00', '02:30', '2026-03-29T00:30:00Z'],
    ['2026-10-24T10:00:00+02:00', '02:30', '2026-10-25T00:30:00Z'],
    ['2026-10-25T02:45:00+02:00', '02:30', '2026-10-26T01:30:00Z'],
  ])('after %s, at %s, is %s', (moment, at, next) => {
    expect(nextDigest(instant(moment), berlin, at, undefined).toString()).toBe(next)
  })

  it('is the end of quiet hours that reach over it only because of the clock', () => {
    const quiet = { from: '22:00', to: '02:15' }
    const next = nextDigest(instant('2026-03-28T10:00:00+01:00'), berlin, '02:30', quiet)
    expect(next.equals(instant('2026-03-29T03:15:00+02:00'))).toBe(true)
  })

  it('is a minute before quiet hours that only the clock brings upon it, and that last too long', () => {
    const quiet = { from: '02:53', to: '21:48' }
    const moment = instant('2025-03-09T04:47:00Z')
    const next = nextDigest(moment, 'America/Sitka', '01:54', quiet)
    expect(next.equals(instant('2025-03-09T01:52:00-09:00'))).toBe(true)
  })
})

describe('whenever something is held back, in any zone', () => {
  // Troll, the only station whose clock moves by two hours, would need 26 hours below.
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'Antarctica/Troll')
  const two = (limit: number) =>
    fc.integer({ min: 0, max: limit - 1 }).map((part) => String(part).padStart(2, '0'))
  const time = fc.tuple(two(24), two(60)).map((parts) => parts.join(':'))
  const quietHours = fc.record({ from: time, to: time })
  const anyMoment = fc.date({
    min: new Date('2025-01-01T00:00:00Z'),
    max: new Date('2030-01-01T00:00:00Z'),
    noInvalidDate: true,
  })

  /** The hours around each change of a zone's clock, where the faults are. */
  const nearChange = (timeZone: string) =>
    fc.tuple(anyMoment, fc.integer({ min: -36 * 60, max: 36 * 60 })).map(([from, minutes]) => {
      const change = Temporal.Instant.fromEpochMilliseconds(from.getTime())
        .toZonedDateTimeISO(timeZone)
        .getTimeZoneTransition('next')
      const near = change?.epochMilliseconds ?? from.getTime()
      return new Date(near + minutes * 60_000)
    })

  const held = fc
    .record({
      timeZone: fc.constantFrom(...zones),
      quietHours,
      digest: fc.option(
        time.map((at) => ({ at })),
        { nil: undefined },
      ),
    })
    .filter((wish) => preferences.safeParse(wish).success)
    .map((wish): Preferences => preferences.parse(wish))
    .chain((wish) => fc.tuple(fc.constant(wish), fc.oneof(anyMoment, nearChange(wish.timeZone))))

  it('it goes out in the future, outside the quiet hours by the clock, and within 25 hours', () => {
    fc.assert(
      fc.property(held, ([wish, now]) => {
        const timing = timingOf(wish, 'task.create', 'email', now)
        const { quietHours: quiet = night, timeZone, digest } = wish
        const isQuiet = (moment: Temporal.Instant) => {
          const clock = moment.toZonedDateTimeISO(timeZone).toPlainTime().toString()
          const { from, to } = quiet
          return from < to ? clock >= from && clock < to : clock >= from || clock < to
        }
        const moment = Temporal.Instant.fromEpochMilliseconds(now.getTime())
        if (timing.when !== 'later') {
          expect([timing.when, isQuiet(moment), digest]).toEqual(['now', false, undefined])
          return
        }
        const notBefore = instant(timing.notBefore)
        const hours = (notBefore.epochMilliseconds - now.getTime()) / 3_600_000
        expect(hours).toBeGreaterThan(0)
        expect(hours).toBeLessThanOrEqual(25)
        expect(isQuiet(notBefore)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('the clock shows a time outside the quiet hours, unless it was changed that day', () => {
    fc.assert(
      fc.property(held, ([wish, now]) => {
        const timing = timingOf({ ...wish, digest: undefined }, 'task.create', 'email', now)
        if (timing.when !== 'later') return
        const end = instant(timing.notBefore).toZonedDateTimeISO(wish.timeZone)
        fc.pre(end.hoursInDay === 24)
        expect(end.toPlainTime().toString({ smallestUnit: 'minute' })).toBe(wish.quietHours?.to)
      }),
      { numRuns: 300 },
    )
  })
})
