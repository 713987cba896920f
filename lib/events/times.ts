import { ExactNumber } from './exact-number.ts'

/**
 * ISO 8601 as Java writes it: a day, or a time with seconds, offset and zone or without. Old mappers write
 * `+0000`, SQL a space before the time.
 */
const iso =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?(?:\[[\w/+:-]+\])?)?$/i

/**
 * Epoch milliseconds of a time in ISO 8601; without an offset it is UTC. Undefined for any other text: Date.parse
 * makes a date of nearly all, `01.02.2026` the second of January.
 */
export function isoTime(text: string): number | undefined {
  const match = iso.exec(text)
  if (match === null) return undefined
  const [, day = '', time = '00:00', seconds = '00', fraction = '', offset = 'Z'] = match
  const [, hours, minutes = '00'] = /^([+-]\d\d):?(\d\d)?$/.exec(offset) ?? []
  const place = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0')
  const instant = Date.parse(`${day}T${time}:${seconds}.${milliseconds}${place}`)
  return Number.isNaN(instant) || !isInCalendar(day) ? undefined : instant
}

/** Date.parse makes the second of March of the thirtieth of February. */
function isInCalendar(day: string): boolean {
  return new Date(day).toISOString().startsWith(day)
}

/**
 * Numbers between these are seconds of the years 1973 to 5138. ECOS's own are milliseconds, and a Java service writes an
 * Instant as seconds with nine decimals where its mapper says so, which a reader of JSON drops where they are zeros: a
 * fraction does not tell the two apart. As milliseconds they would be days from 1970 to March 1973, and when an event
 * happened or a task is due is no such day. Dates of records, such as a birthday, don't come here: templates read their
 * numbers as milliseconds alone.
 */
const seconds = { from: 100_000_000, below: 100_000_000_000 }

/**
 * A time in any form in which ECOS's producers write it, in epoch milliseconds: these, also as text; epoch seconds
 * with or without a fraction, as Jackson writes an Instant; ISO 8601. Undefined for all else.
 */
export function epochMilliseconds(value: unknown): number | undefined {
  if (typeof value === 'number') return ofNumber(value, String(value))
  if (value instanceof ExactNumber) return ofNumber(Number(value), String(value))
  if (typeof value !== 'string') return undefined
  return /^-?\d{1,16}(\.\d{1,12})?$/.test(value) ? ofNumber(Number(value), value) : isoTime(value)
}

function ofNumber(value: number, text: string): number | undefined {
  if (!Number.isFinite(value)) return undefined
  if (value < seconds.from || value >= seconds.below) return value
  if (/e/i.test(text)) return Math.floor(value * 1000)
  // By its digits: as a double, …00.999999999 seconds would round to the next second.
  const [whole, fraction = ''] = text.split('.')
  return Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}
