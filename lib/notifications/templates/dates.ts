import { isoTime } from '../../events/times.ts'

/** A reader's language (BCP 47), clock (IANA) and moment of reading (epoch milliseconds). */
export interface DateReader {
  readonly locale: string
  readonly timeZone: string
  readonly now: number
}

/** The last instant that a Date can hold (ECMA-262, Time Values). */
const lastInstant = 8.64e15

const dayLength = 86_400_000

/** Days beyond which a date is clearer than its distance. */
const nearDays = 14

/** Epoch milliseconds, or ISO 8601 text, as an instant. */
export function instantOf(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? isoTime(value) : value
  const isInstant = typeof milliseconds === 'number' && Math.abs(milliseconds) <= lastInstant
  return isInstant ? milliseconds : undefined
}

/** Date and time, with the place whose clock it is: `1 января 2026 г. в 03:00 (Москва)`. */
export function dateText(
  instant: number,
  dateStyle: 'long' | 'short',
  { locale, timeZone }: DateReader,
): string {
  const written = formatOf(locale, timeZone, { dateStyle, timeStyle: 'short' }).format(instant)
  return `${written} (${zoneText(instant, locale, timeZone)})`
}

/**
 * A near date in words: `завтра в 18:00`, `через 3 дня`, `in 3 days`.
 *
 * @returns undefined for a date that is more than two weeks away
 */
export function nearText(instant: number, reader: DateReader): string | undefined {
  const { locale, timeZone, now } = reader
  if (Math.abs(instant - now) > nearDays * dayLength) return undefined
  const days = dayNumber(instant, timeZone) - dayNumber(now, timeZone)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
  if (/\p{Nd}/u.test(relative)) return relative
  const time = formatOf(locale, timeZone, { hour: '2-digit', minute: '2-digit' }).format(instant)
  return `${relative}${at[new Intl.Locale(locale).language] ?? ', '}${time}`
}

/** The words between a day and its time. */
const at: Readonly<Record<string, string>> = { ru: ' в ', en: ' at ' }

/** A due date: in words where it is near, with the date beside. */
export function dueText(instant: number, reader: DateReader): string {
  const near = nearText(instant, reader)
  const exact = dateText(instant, 'long', reader)
  return near === undefined ? exact : `${near} — ${exact}`
}

/** A due date where there is little room: `завтра в 18:00`, `через 3 дня, 04.01.2026, 18:00`. */
export function dueShort(instant: number, reader: DateReader): string {
  const { locale, timeZone } = reader
  const near = nearText(instant, reader)
  if (near !== undefined && /\d:\d/.test(near)) return near
  const exact = formatOf(locale, timeZone, { dateStyle: 'short', timeStyle: 'short' })
  return [near, exact.format(instant)].filter(Boolean).join(', ')
}

function zoneText(instant: number, locale: string, timeZone: string): string {
  if (timeZone === 'UTC') return timeZone
  const parts = formatOf(locale, timeZone, { timeZoneName: 'shortGeneric' }).formatToParts(instant)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** Days of the calendar at the place, counted from one that is the same for all. */
function dayNumber(instant: number, timeZone: string): number {
  const format = formatOf('en-CA', timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })
  return Math.round(Date.parse(format.format(instant)) / dayLength)
}

/** Cached: making a format takes a thousand times longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(
  locale: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options])
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, hourCycle: 'h23', timeZone })
  formats.set(key, format)
  return format
}
