import type { DateReader } from './dates.ts'

type Style = 'short' | 'medium' | 'long' | 'full'
const styles: readonly string[] = ['short', 'medium', 'long', 'full'] satisfies Style[]

/** A letter of a pattern, repeated, and what Intl calls its part. */
const fields: Readonly<
  Record<string, readonly [part: string, options: Intl.DateTimeFormatOptions]>
> = {
  yyyy: ['year', { year: 'numeric' }],
  yy: ['year', { year: '2-digit' }],
  MMMM: ['month', { month: 'long', day: 'numeric' }],
  MMM: ['month', { month: 'short', day: 'numeric' }],
  MM: ['month', { month: '2-digit' }],
  M: ['month', { month: 'numeric' }],
  dd: ['day', { day: '2-digit' }],
  d: ['day', { day: 'numeric' }],
  LLLL: ['month', { month: 'long' }],
  LLL: ['month', { month: 'short' }],
  EEEE: ['weekday', { weekday: 'long' }],
  EEE: ['weekday', { weekday: 'short' }],
  EE: ['weekday', { weekday: 'short' }],
  E: ['weekday', { weekday: 'short' }],
  HH: ['hour', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }],
  H: ['hour', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }],
  hh: ['hour', { hour: '2-digit', minute: '2-digit', hourCycle: 'h12' }],
  h: ['hour', { hour: 'numeric', minute: '2-digit', hourCycle: 'h12' }],
  mm: ['minute', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }],
  ss: ['second', { minute: '2-digit', second: '2-digit', hourCycle: 'h23' }],
  a: ['dayPeriod', { hour: 'numeric', hourCycle: 'h12' }],
}

/** Words in quotes, fields, and what stands between them. */
const piece = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g

/**
 * A date by a pattern of Unicode's CLDR, as Java writes them (`dd.MM.yyyy`, `d MMMM 'в' HH:mm`), or without
 * the time in a `short`, `medium`, `long` or `full` style, in the reader's language and time zone.
 *
 * @throws Error for a letter that is no field
 */
export function dateByPattern(instant: number, pattern: string, reader: DateReader): string {
  const { locale, timeZone } = reader
  if (styles.includes(pattern)) {
    const dateStyle = pattern as Style
    return new Intl.DateTimeFormat(locale, { dateStyle, timeZone }).format(instant)
  }
  return pattern.replace(piece, (whole, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'")
    return /^[A-Za-z]/.test(whole) ? fieldText(instant, whole, reader) : whole
  })
}

function fieldText(instant: number, field: string, { locale, timeZone }: DateReader): string {
  const [part, options] = fields[/^y+$/.test(field) && field !== 'yy' ? 'yyyy' : field] ?? []
  if (part === undefined) throw new Error(`date_format has no field "${field}"`)
  const parts = new Intl.DateTimeFormat(locale, { ...options, timeZone }).formatToParts(instant)
  const text = parts.find(({ type }) => type === part)?.value ?? ''
  // English writes two digits.
  if (field === 'H') return text.replace(/^0(?=\d)/, '')
  const isTwo = /^(mm|ss|HH|hh|dd|MM)$/.test(field)
  return isTwo ? text.padStart(2, '0') : text
}
