import { Tag } from 'cbor2'
import { decimalText } from './plain.ts'

const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A UUID as 16 bytes, as text, or in a tag: Jackson writes bytes, others text. */
export function readUuid(value: unknown): string | undefined {
  if (value instanceof Tag) return readUuid(value.contents)
  if (typeof value === 'string') return uuidText.test(value) ? value.toLowerCase() : undefined
  if (!(value instanceof Uint8Array) || value.length !== 16) return undefined
  const hex = Buffer.from(value).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** As many seconds are the year 5138, and as many milliseconds 1973: no event is as late, or as old. */
const leastMilliseconds = 100_000_000_000

/** A time as ISO text, epoch milliseconds, epoch seconds with a fraction, or in CBOR's tag for it. */
export function readTime(value: unknown): Date | undefined {
  if (value instanceof Date) return validTime(value.getTime())
  if (value instanceof Tag) return readTime(Number(decimalText(value.contents) ?? Number.NaN))
  if (typeof value === 'bigint') return readTime(Number(value))
  if (typeof value === 'number') {
    return validTime(Math.abs(value) < leastMilliseconds ? value * 1000 : value)
  }
  const iso = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
  return iso ? validTime(Date.parse(value)) : undefined
}

/** With a four-digit year, as the bus takes it. */
function validTime(milliseconds: number): Date | undefined {
  const inRange = milliseconds >= Date.UTC(1970, 0) && milliseconds < Date.UTC(10_000, 0)
  return inRange ? new Date(Math.floor(milliseconds)) : undefined
}
