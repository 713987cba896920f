import { isUtf8 } from 'node:buffer'
import {
  backslash,
  doubt,
  endOfObject,
  endOfValue,
  followedLevels,
  openBrace,
  quote,
  type ReadMember,
  skipSpace,
} from './json-bytes.ts'
import { tenantFields } from './other-tenant.ts'

type Fields = Readonly<Record<string, unknown>>

/** What is needed of a body: its fields, the fields of `data`, and the JSON text of `data`, in UTF-8. */
export interface BodyParts {
  readonly message: Fields
  readonly data: Fields
  readonly dataBytes: Uint8Array
}

interface Name {
  readonly text: string
  readonly bytes: Uint8Array
}

function named(text: string): Name {
  return { text, bytes: Buffer.from(text) }
}

/** By their length, which tells most other names apart from them without a look at their bytes. */
type Names = ReadonlyMap<number, readonly Name[]>

function namesOf(texts: readonly string[]): Names {
  return Map.groupBy(texts.map(named), ({ bytes }) => bytes.length)
}

const none: readonly Name[] = []
const dataName = named('data')
const messageFields = namesOf(tenantFields)
const dataFields = namesOf(['type', 'id', 'createdDate', 'docId', ...tenantFields])

/**
 * Finds the parts of a body in one pass over its bytes. The fields are only those that an event is made of, and only
 * texts and numbers.
 *
 * @returns undefined where JSON.parse has to decide, as for all that is no event
 */
export function findParts(body: Uint8Array): BodyParts | undefined {
  const json = Buffer.isBuffer(body)
    ? body
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const start = skipSpace(json, 0)
  if (json[start] !== openBrace || !isUtf8(json)) return undefined
  const message: Record<string, unknown> = {}
  const data: Record<string, unknown> = {}
  const readData = fieldReader(dataFields, data)
  const readField = fieldReader(messageFields, message)
  let dataBytes: Buffer | undefined

  const end = endOfObject(json, start, followedLevels, (_, keyStart, keyEnd, at, levels) => {
    if (!isName(dataName, json, keyStart, keyEnd)) {
      return readField(json, keyStart, keyEnd, at, levels)
    }
    // Of two, JSON.parse takes the last.
    if (dataBytes !== undefined || json[at] !== openBrace) return doubt
    const dataEnd = endOfObject(json, at, levels, readData)
    dataBytes = json.subarray(at, dataEnd)
    return dataEnd
  })
  if (end === doubt || dataBytes === undefined) return undefined
  return skipSpace(json, end) === json.length ? { message, data, dataBytes } : undefined
}

/** Reads members, and keeps the values of those that are named. */
function fieldReader(names: Names, fields: Record<string, unknown>): ReadMember {
  return (json, keyStart, keyEnd, at, levels) => {
    if (hasEscape(json, keyStart, keyEnd)) return doubt
    const end = endOfValue(json, at, levels)
    const name = nameOf(names, json, keyStart, keyEnd)
    if (name === undefined || end === doubt) return end
    if (name in fields) return doubt
    fields[name] = readValue(json, at, end)
    return end
  }
}

/** A text or a number; undefined for anything else. */
function readValue(json: Buffer, start: number, end: number): unknown {
  const first = json[start] as number
  const isText = first === quote
  if (isText && !hasEscape(json, start, end)) return json.toString('utf8', start + 1, end - 1)
  const isNumber = first >= minus && first <= digit9
  return isText || isNumber ? JSON.parse(json.toString('utf8', start, end)) : undefined
}

const minus = 0x2d
const digit9 = 0x39

/** An escape may spell any name. */
function hasEscape(json: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (json[at] === backslash) return true
  return false
}

function nameOf(names: Names, json: Buffer, start: number, end: number): string | undefined {
  // Called for every member: a closure for each would be a fifth of an event's garbage.
  for (const name of names.get(end - start) ?? none) {
    if (isName(name, json, start, end)) return name.text
  }
  return undefined
}

function isName({ bytes }: Name, json: Buffer, start: number, end: number): boolean {
  if (bytes.length !== end - start) return false
  for (let index = 0; index < bytes.length; index += 1) {
    if (json[start + index] !== bytes[index]) return false
  }
  return true
}
