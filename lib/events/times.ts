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
  const [, day, time = '00:00', seconds = '00', fraction = '', offset = 'Z'] = match
  const [, hours, minutes = '00'] = /^([+-]\d\d):?(\d\d)?$/.exec(offset) ?? []
  const place = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0')
  const instant = Date.parse(`${day}T${time}:${seconds}.${milliseconds}${place}`)
  return Number.isNaN(instant) ? undefined : instant
}

/** In seconds these are the years 1973 and 5138, in milliseconds two days of 1970 and 1973: nothing of ECOS is as old. */
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
  // By its digits: as a double, …00.999999999 seconds would round to the next second.
  const [whole, fraction = ''] = text.split('.')
  return Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}
