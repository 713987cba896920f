import { fitsDouble } from '../../events/amount.ts'
import { ExactNumber } from '../../events/exact-number.ts'
import { CborFault } from './cbor-fault.ts'

/**
 * A number for JSON, with the digits that were sent. One that no double holds (1e400) becomes a text: a JSON
 * parser on the way would read infinity or zero.
 */
export function jsonNumber(text: string): number | ExactNumber | string {
  if (!fitsDouble(text)) return text
  return String(Number(text)) === text ? Number(text) : new ExactNumber(text)
}

/** Bytes: its decimal text takes time that grows with the square of its length. */
const maxBignumBytes = 1024

/**
 * The bytes are the magnitude, also of a negative number: Jackson writes -1 as c34101, where RFC 8949 means
 * -1 - n (FasterXML/jackson-dataformats-binary, CBORGenerator and CBORParser).
 */
export function bignumText(bytes: Uint8Array, isNegative: boolean): string {
  if (bytes.length > maxBignumBytes) {
    throw new CborFault(`a number has over ${maxBignumBytes} bytes`)
  }
  const magnitude = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
  return String(isNegative ? -magnitude : magnitude)
}

/** Zeros that are written out on either side of the digits; beyond, the number has an exponent. */
const maxZeros = 400

/** `[-2, 150050]` is 1500.50. Undefined for anything but two integers. */
export function decimalText(content: unknown): string | undefined {
  if (!Array.isArray(content) || content.length !== 2) return undefined
  const [exponent, mantissa] = content.map(textOf)
  if (!isInteger(exponent) || !isInteger(mantissa)) return undefined
  const scale = -Number(exponent)
  const isNegative = mantissa.startsWith('-')
  const digits = isNegative ? mantissa.slice(1) : mantissa
  return (isNegative ? '-' : '') + scaled(digits, scale)
}

function scaled(digits: string, scale: number): string {
  if (Math.abs(scale) > maxZeros) return `${digits}E${-scale}`
  if (scale <= 0) return digits === '0' ? digits : digits + '0'.repeat(-scale)
  const padded = digits.padStart(scale + 1, '0')
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** Of a number: nothing else, such as a map, has to have a text. */
function textOf(value: unknown): string | undefined {
  const isNumber = typeof value === 'number' || value instanceof ExactNumber
  return isNumber || typeof value === 'string' ? String(value) : undefined
}

function isInteger(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+$/.test(text)
}

/** The shortest number that is the same float of 32 bits, so that 0.1 is not 0.10000000149011612. */
export function float32(value: number): number {
  if (!Number.isFinite(value)) return value
  for (let digits = 1; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return shorter
  }
  return Number(value.toPrecision(9))
}
