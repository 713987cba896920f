import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  dateText,
  dueShort,
  dueText,
  instantOf,
  nearText,
} from '../../../../lib/notifications/templates/dates.ts'

const zone = 'Europe/Moscow'
const now = Date.parse('2026-01-01T09:00:00Z')

it.each([
  ['2026-01-01T15:00Z', 'сегодня в 18:00', 'today at 18:00'],
  ['2026-01-02T15:00Z', 'завтра в 18:00', 'tomorrow at 18:00'],
  // After midnight in Moscow, before it in UTC.
  ['2026-01-01T21:30Z', 'завтра в 00:30', 'tomorrow at 00:30'],
  ['2025-12-31T15:00Z', 'вчера в 18:00', 'yesterday at 18:00'],
  ['2026-01-04T15:00Z', 'через 3 дня', 'in 3 days'],
  ['2026-01-06T15:00Z', 'через 5 дней', 'in 5 days'],
  ['2025-12-29T15:00Z', '3 дня назад', '3 days ago'],
])('a due date of %s is near: %s, %s', (due, ru, en) => {
  const instant = Date.parse(due)
  const day = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeZone: zone }).format(instant)
  const text = dueText(instant, { locale: 'ru', timeZone: zone, now })
  expect(text.startsWith(`${ru} — ${day} в `)).toBe(true)
  expect(text.endsWith(' (Москва)')).toBe(true)
  expect(dueText(instant, { locale: 'en', timeZone: zone, now })).toMatch(`${en} — `)
})

it('a date that is far away has no words', () => {
  const far = Date.parse('2026-03-01T15:00Z')
  expect(dueText(far, { locale: 'ru', timeZone: zone, now })).toBe(
    '1 марта 2026 г. в 18:00 (Москва)',
  )
  expect(dueShort(far, { locale: 'ru', timeZone: zone, now })).toBe('01.03.2026, 18:00')
})

it('a short date has its time', () => {
  const reader = { locale: 'ru', timeZone: zone, now }
  expect(dueShort(Date.parse('2026-01-02T15:00Z'), reader)).toBe('завтра в 18:00')
  expect(dueShort(Date.parse('2026-01-04T15:00Z'), reader)).toBe('через 3 дня, 04.01.2026, 18:00')
})

it('a distance in digits of another script is one too', () => {
  const text = dueText(Date.parse('2026-01-04T15:00Z'), { locale: 'fa', timeZone: zone, now })
  expect(text).toMatch(/^۳ روز دیگر — /)
})

it('every instant can be written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (instant) => {
      for (const locale of ['ru', 'en', 'de', 'ar']) {
        expect(dueText(instant, { locale, timeZone: zone, now })).not.toBe('')
      }
    }),
    { numRuns: 50 },
  )
})

it.each([
  [0, 0],
  [-1.5, -1.5],
  [8.64e15, 8.64e15],
  [-8.64e15, -8.64e15],
  [8.64e15 + 1, undefined],
  [-8.64e15 - 1, undefined],
  [Number.NaN, undefined],
  ['1970-01-01T00:00:01Z', 1000],
  ['soon', undefined],
  [null, undefined],
  [undefined, undefined],
  [{}, undefined],
])('%p is the instant %p', (value, instant) => {
  expect(instantOf(value)).toBe(instant)
})

it('a date is near for two weeks', () => {
  const reader = { locale: 'en', timeZone: 'UTC', now }
  const fortnight = 14 * 86_400_000
  expect(nearText(now + fortnight, reader)).toBe('in 14 days')
  expect(nearText(now + fortnight + 1, reader)).toBeUndefined()
  expect(nearText(now - fortnight, reader)).toBe('14 days ago')
  expect(nearText(now - fortnight - 1, reader)).toBeUndefined()
})

it('days are those of the calendar at the place, also where its clock changes', () => {
  // The night of 29 March 2026 has 23 hours in Berlin.
  const reader = { locale: 'en', timeZone: 'Europe/Berlin', now: Date.parse('2026-03-28T22:30Z') }
  expect(nearText(Date.parse('2026-03-29T21:30Z'), reader)).toBe('tomorrow at 23:30')
  expect(nearText(Date.parse('2026-03-29T22:30Z'), reader)).toBe('in 2 days')
})

it('a day and its time are joined as the language does, or else by a comma', () => {
  const tomorrow = Date.parse('2026-01-02T15:00Z')
  const near = (locale: string) => nearText(tomorrow, { locale, timeZone: zone, now })
  expect([near('ru-RU'), near('en-GB'), near('de')]).toEqual([
    ...['завтра в 18:00', 'tomorrow at 18:00', 'morgen, 18:00'],
  ])
})

it('a date has the place whose clock it is', () => {
  const text = (timeZone: string, style: 'long' | 'short') =>
    dateText(now, style, { locale: 'en', timeZone, now })
  expect(text('UTC', 'long')).toBe('January 1, 2026 at 09:00 (UTC)')
  expect(text('UTC', 'short')).toBe('1/1/26, 09:00 (UTC)')
  expect(text('Europe/Moscow', 'short')).toBe('1/1/26, 12:00 (Moscow Time)')
})
