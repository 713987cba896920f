/**
 * Finds the ends of JSON values in UTF-8 bytes, without making anything of them: many times cheaper than
 * JSON.parse. It is stricter than JSON.parse. `doubt` means that JSON.parse has to decide: the text is not JSON,
 * is nested deeply, or has a part that the bus takes only rewritten (see `escapeForSqs`, `withNumbersInRange`).
 * Bytes that are not UTF-8 are not noticed.
 */
export const doubt = -1

/** Levels that are followed: each is a call on the stack. */
export const followedLevels = 64

/** Longer numbers may be beyond doubles. */
const longestNumber = 100

/**
 * Reads the value of an object's member; the key is between the quotes' positions, unescaped.
 *
 * @param at where the value starts
 * @param levels by which the value may be nested
 * @returns where it ends, or `doubt`
 */
export type ReadMember = (
  json: Buffer,
  keyStart: number,
  keyEnd: number,
  at: number,
  levels: number,
) => number

/** Where the value that starts at `at` ends, or `doubt`. */
export function endOfValue(json: Buffer, at: number, levels: number): number {
  switch (json[at]) {
    case quote:
      return endOfString(json, at)
    case openBrace:
      return endOfObject(json, at, levels)
    case openBracket:
      return endOfArray(json, at, levels)
    case words.true[0]:
      return endOfWord(json, at, words.true)
    case words.false[0]:
      return endOfWord(json, at, words.false)
    case words.null[0]:
      return endOfWord(json, at, words.null)
    default:
      return endOfNumber(json, at)
  }
}

/** The same for an object, whose members are read one after another. */
export function endOfObject(
  json: Buffer,
  start: number,
  levels: number,
  readMember: ReadMember = skipMember,
): number {
  if (levels === 0) return doubt
  let at = skipSpace(json, start + 1)
  if (json[at] === closeBrace) return at + 1
  for (;;) {
    if (json[at] !== quote) return doubt
    const keyEnd = endOfString(json, at)
    if (keyEnd === doubt) return doubt
    const separator = skipSpace(json, keyEnd)
    if (json[separator] !== colon) return doubt
    const valueAt = skipSpace(json, separator + 1)
    const end = readMember(json, at + 1, keyEnd - 1, valueAt, levels - 1)
    if (end === doubt) return doubt
    at = skipSpace(json, end)
    if (json[at] === closeBrace) return at + 1
    if (json[at] !== comma) return doubt
    at = skipSpace(json, at + 1)
  }
}

const skipMember: ReadMember = (json, _keyStart, _keyEnd, at, levels) => {
  return endOfValue(json, at, levels)
}

function endOfArray(json: Buffer, start: number, levels: number): number {
  if (levels === 0) return doubt
  let at = skipSpace(json, start + 1)
  if (json[at] === closeBracket) return at + 1
  for (;;) {
    const end = endOfValue(json, at, levels - 1)
    if (end === doubt) return doubt
    at = skipSpace(json, end)
    if (json[at] === closeBracket) return at + 1
    if (json[at] !== comma) return doubt
    at = skipSpace(json, at + 1)
  }
}

function endOfString(json: Buffer, start: number): number {
  const { length } = json
  for (let at = start + 1; at < length; at += 1) {
    // Nearly all bytes end here.
    while (at < length && isPlain[json[at] as number] === 1) at += 1
    const byte = json[at]
    if (byte === quote) return at + 1
    if (byte === backslash) {
      at += 1
      const isUnicode = json[at] === unicodeEscape
      if (isUnicode ? !hasFourDigits(json, at + 1) : isEscape[json[at] ?? 0] !== 1) return doubt
      if (isUnicode) at += 4
    } else if (byte === undefined || byte < space || isNonCharacter(json, at)) return doubt
  }
  return doubt
}

/** U+FFFE or U+FFFF: EF BF BE, EF BF BF. */
function isNonCharacter(json: Buffer, at: number): boolean {
  return json[at + 1] === 0xbf && (json[at + 2] as number) >= 0xbe
}

function endOfNumber(json: Buffer, start: number): number {
  const integer = json[start] === minus ? start + 1 : start
  let at = skipDigits(json, integer)
  if (at === integer || (json[integer] === digit0 && at > integer + 1)) return doubt
  if (json[at] === point) {
    const fraction = at + 1
    at = skipDigits(json, fraction)
    if (at === fraction) return doubt
  }
  // An exponent is no separator, and so leads to a doubt: it may be beyond doubles.
  return at - start > longestNumber ? doubt : at
}

function skipDigits(json: Buffer, start: number): number {
  let at = start
  while (isDigit(json[at])) at += 1
  return at
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= digit0 && byte <= digit9
}

function hasFourDigits(json: Buffer, start: number): boolean {
  // Some producers escape every letter that is not ASCII: a slice for each took most of the pass.
  for (let at = start; at < start + 4; at += 1) if (isHexDigit[json[at] ?? 0] !== 1) return false
  return true
}

function endOfWord(json: Buffer, start: number, word: Uint8Array): number {
  for (let index = 0; index < word.length; index += 1) {
    if (json[start + index] !== word[index]) return doubt
  }
  return start + word.length
}

/** JSON's white space: space, tab, line feed, carriage return. */
export function skipSpace(json: Buffer, start: number): number {
  let at = start
  while (isSpace[json[at] ?? 0] === 1) at += 1
  return at
}

const words = { true: ascii('true'), false: ascii('false'), null: ascii('null') }
const isSpace = tableOf(' \t\n\r')
const isEscape = tableOf('"\\/bfnrt')
const isHexDigit = tableOf('0123456789abcdefABCDEF')

export const quote = 0x22
export const backslash = 0x5c
export const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const colon = 0x3a
const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const digit0 = 0x30
const digit9 = 0x39
const space = 0x20
const nonCharacterStart = 0xef
const unicodeEscape = 0x75

/** 1 for each byte that means nothing but itself within a string. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= space && ![quote, backslash, nonCharacterStart].includes(byte)),
)

function ascii(text: string): Uint8Array {
  return Buffer.from(text)
}

/** 1 for each byte of the characters, 0 for all others. */
function tableOf(characters: string): Uint8Array {
  const bytes = new Set(Buffer.from(characters))
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(bytes.has(byte)))
}
