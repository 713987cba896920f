import { ExactNumber } from '../../events/exact-number.ts'
import { isoTime } from '../../events/times.ts'

const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** 16 bytes in base64. */
const uuidBytes = /^[A-Za-z0-9+/]{22}==$/

/** A UUID as text, or as 16 bytes, which the decoder hands on in base64. */
export function readUuid(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (uuidText.test(value)) return value.toLowerCase()
  if (!uuidBytes.test(value)) return undefined
  const hex = Buffer.from(value, 'base64').toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** In seconds this is the year 5138, in milliseconds 1973: no event is as late, or as early. */
const minMilliseconds = 100_000_000_000

/** A time as ISO text, epoch milliseconds, or epoch seconds with a fraction. */
export function readTime(value: unknown): Date | undefined {
  if (typeof value === 'string') {
    return value.includes('T') ? validTime(isoTime(value)) : undefined
  }
  if (typeof value !== 'number' && !(value instanceof ExactNumber)) return undefined
  const isSeconds = Math.abs(Number(value)) < minMilliseconds
  return validTime(isSeconds ? secondsToMilliseconds(String(value)) : Math.floor(Number(value)))
}

/** By its digits: as a double, …00.999999999 seconds would round to the next second. */
function secondsToMilliseconds(seconds: string): number {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(seconds) ?? []
  return Number(whole || Number.NaN) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** Years 1970 to 9999, as the bus takes them. */
function validTime(milliseconds = Number.NaN): Date | undefined {
  const inRange = milliseconds >= Date.UTC(1970, 0) && milliseconds < Date.UTC(10_000, 0)
  return inRange ? new Date(milliseconds) : undefined
}
