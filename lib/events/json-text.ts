import { fitsDouble } from './amount.ts'

/**
 * Extracts the source text of the top-level property `name` of a JSON object, so that large numbers, the
 * order of keys and escapes reach the bus unchanged, and measures how deep the whole object is nested.
 * `json` must be an object that JSON.parse accepts. Of duplicate names the last wins, as in JSON.parse.
 */
export function propertyText(json: string, name: string): { text?: string; depth: number } {
  let depth = 0
  let deepest = 0
  let key: unknown
  let valueStart = -1
  let text: string | undefined

  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case quote: {
        const end = endOfString(json, at)
        // Whatever is deeper stands in a value.
        if (valueStart < 0) key = JSON.parse(json.slice(at, end + 1))
        at = end
        break
      }
      case colon:
        if (valueStart < 0) valueStart = at + 1
        break
      case openBrace:
      case openBracket:
        depth += 1
        deepest = Math.max(deepest, depth)
        break
      case comma:
        if (depth === 1) closeProperty(at)
        break
      case closeBrace:
      case closeBracket:
        if (depth === 1) closeProperty(at)
        depth -= 1
        break
    }
  }
  return text === undefined ? { depth: deepest } : { text, depth: deepest }

  function closeProperty(end: number): void {
    if (key === name) text = json.slice(valueStart, end).trim()
    valueStart = -1
  }
}

/** A number without either is between 1e-300 and 1e300, or zero. */
const mayLeaveRange = /[eE][+-]?\d{3}|\d{200}/

/**
 * Numbers that no double holds (1e400) become texts: a JSON parser behind the bus would read infinity or
 * zero, and what it writes then is no JSON any more. A scan, since a regular expression that skips strings
 * overflows the stack on one of 10 MB.
 */
export function withNumbersInRange(json: string): string {
  if (!mayLeaveRange.test(json)) return json
  let inRange = ''
  let copied = 0
  for (let at = 0; at < json.length; at += 1) {
    if (json.charCodeAt(at) === quote) at = endOfString(json, at)
    else if (startsNumber(json.charCodeAt(at))) {
      const end = endOfNumber(json, at)
      const number = json.slice(at, end)
      if (!fitsDouble(number)) {
        inRange += `${json.slice(copied, at)}"${number}"`
        copied = end
      }
      at = end - 1
    }
  }
  return inRange + json.slice(copied)
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const minus = 0x2d
const digit0 = 0x30
const digit9 = 0x39
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1
  return at
}

function startsNumber(code: number): boolean {
  return code === minus || (code >= digit0 && code <= digit9)
}

const afterNumber = /[^\d.eE+-]|$/g

function endOfNumber(json: string, start: number): number {
  afterNumber.lastIndex = start
  return afterNumber.exec(json)?.index ?? json.length
}
