import { SequenceEvents, Simple } from 'cbor2'
import { ExactNumber } from '../../events/exact-number.ts'
import { CborFault } from './cbor-fault.ts'
import { bignumText, decimalText, float32, jsonNumber } from './numbers.ts'

/** Maps and lists inside each other. PutEvents takes 1,000 levels, and the envelope adds two. */
export const maxNesting = 990

/** Values in one body: a small body can describe enough of them to fill the memory. */
export const maxValues = 100_000

/** A step inside a nested value costs one call for each level around it, so that both are bounded together. */
const maxSteps = 2_000_000

/** CBOR's major types and the additional information that matters here (RFC 8949, section 3). */
const major = { bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const
const info = { float32: 26, indefinite: 31 } as const
const tags = { positiveBignum: 2, negativeBignum: 3, decimalFraction: 4 } as const

export class TooManyValues extends Error {}

/** A value that is not complete yet. */
interface Frame {
  readonly majorType: number
  readonly tag: number
  readonly parts: unknown[]
  /** Parts that are missing; Infinity until a break ends it. */
  missing: number
}

/**
 * Decodes CBOR into values that JSON.stringify takes, with the meaning that Jackson gives them: numbers keep
 * their digits, bytes are base64, and a value that JSON can't express is null. cbor2 reads the items and
 * this puts them together, so that nesting and number are bounded while they are read.
 *
 * @throws TooManyValues; CborFault; Error for anything else that is not CBOR, or is nested too deep
 */
export function decodeCbor(body: Uint8Array): unknown {
  const frames: Frame[] = []
  const done: unknown[] = []
  let values = 0
  let steps = 0

  const open = (majorType: number, missing: number, tag = -1) => {
    if (frames.length >= maxNesting)
      throw new CborFault(`lists and maps are nested more than ${maxNesting} deep`)
    frames.push({ majorType, tag, parts: [], missing })
    if (missing === 0) close()
  }
  const close = () => {
    const frame = frames.pop()
    if (frame !== undefined) add(completed(frame))
  }
  const add = (value: unknown) => {
    const frame = frames.at(-1)
    if (frame === undefined) {
      done.push(value)
      return
    }
    frame.parts.push(value)
    frame.missing -= 1
    if (frame.missing === 0) close()
  }

  for (const [majorType, additional, value] of new SequenceEvents(body, readerOptions)) {
    values += 1
    steps += frames.length
    if (values > maxValues || steps > maxSteps) throw new TooManyValues()
    if (done.length > 0) throw new Error('more than one value')
    if (majorType === major.simple && additional === info.indefinite) {
      if (frames.at(-1)?.missing !== Number.POSITIVE_INFINITY) throw new Error('unexpected break')
      close()
    } else if (majorType === major.map) open(majorType, 2 * Number(value))
    else if (majorType === major.list || additional === info.indefinite) {
      open(majorType, Number(value))
    } else if (majorType === major.tag) open(majorType, 1, Number(value))
    else add(scalarOf(majorType, additional, value))
  }
  if (done.length === 0) throw new Error('cut short')
  return jsonOf(done[0])
}

/** cbor2 counts a list twice, and bounds nothing that is not bounded here. */
const readerOptions = { maxDepth: 2 * maxNesting + 10 }

/** Bytes stay as they are for a tag around them. */
function scalarOf(majorType: number, additional: number, value: unknown): unknown {
  if (typeof value === 'bigint') return jsonNumber(String(value))
  if (typeof value === 'number') {
    return majorType === major.simple && additional === info.float32 ? float32(value) : value
  }
  return value instanceof Simple ? null : value
}

function completed({ majorType, tag, parts, missing }: Frame): unknown {
  switch (majorType) {
    case major.text:
      return parts.join('')
    case major.bytes:
      return Buffer.concat(parts as Uint8Array[])
    case major.list:
      return parts.map(jsonOf)
    case major.map:
      return objectOf(parts)
    default:
      if (missing > 0) throw new Error('a tag without a value')
      return taggedValue(tag, parts[0])
  }
}

function objectOf(parts: readonly unknown[]): unknown {
  if (parts.length % 2 === 1) throw new Error('a key without a value')
  const entries: [string, unknown][] = []
  for (let at = 0; at < parts.length; at += 2) {
    entries.push([keyOf(jsonOf(parts[at])), jsonOf(parts[at + 1])])
  }
  return Object.fromEntries(entries)
}

/** A number, true, false and null have a text that is theirs alone. */
function keyOf(key: unknown): string {
  if (typeof key !== 'object' || key === null || key instanceof ExactNumber) return String(key)
  throw new CborFault('a key is a list or a map')
}

/** The content of an unknown tag stands for itself. */
function taggedValue(tag: number, content: unknown): unknown {
  if (tag === tags.positiveBignum || tag === tags.negativeBignum) {
    if (!(content instanceof Uint8Array)) throw new CborFault('a big number is not bytes')
    return jsonNumber(bignumText(content, tag === tags.negativeBignum))
  }
  if (tag !== tags.decimalFraction) return content
  const text = decimalText(content)
  if (text === undefined) throw new CborFault('a decimal fraction is not two integers')
  return jsonNumber(text)
}

function jsonOf(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'string':
    case 'boolean':
      return value
    case 'object':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
    default:
      return null
  }
}
