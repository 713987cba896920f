import { Simple, Tag } from 'cbor2'

declare global {
  interface JSON {
    /** ECMAScript proposal "JSON.parse source text access", stage 4; in Node since 22. */
    rawJSON(text: string): object
  }
}

/** CBOR's tag of a decimal fraction, [exponent, mantissa] (RFC 8949, section 3.4.4): Java's BigDecimal. */
const decimalFraction = 4

/** Beyond this a number's digits would be noise, and its text very long. */
const largestExponent = 400

/**
 * A decoded CBOR value as JSON.stringify takes it. Numbers that JavaScript can't hold keep all their
 * digits; bytes are base64 and times ISO 8601, as Jackson writes them into JSON. What JSON has no word
 * for is null.
 */
export function plainOf(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'bigint':
      return JSON.rawJSON(String(value))
    case 'object':
      return value === null ? null : plainObject(value)
    default:
      return null
  }
}

function plainObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(plainOf)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Tag) return plainTag(value)
  if (value instanceof Simple) return null
  // A number of a kind that cbor2 keeps in a box.
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return plainOf(value.valueOf())
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, one]) => [String(key), plainOf(one)]))
}

function plainTag({ tag, contents }: Tag): unknown {
  const decimal = Number(tag) === decimalFraction ? decimalText(contents) : undefined
  return decimal === undefined ? plainOf(contents) : JSON.rawJSON(decimal)
}

/** `[-2, 12345]` is 123.45, which JSON may write as 12345e-2. */
export function decimalText(contents: unknown): string | undefined {
  if (!Array.isArray(contents) || contents.length !== 2) return undefined
  const [exponent, mantissa] = contents
  const whole = typeof mantissa === 'bigint' || Number.isInteger(mantissa)
  if (!whole || !Number.isInteger(exponent)) return undefined
  return Math.abs(exponent) <= largestExponent ? `${mantissa}e${exponent}` : undefined
}
