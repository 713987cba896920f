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
        if (depth === 1 && valueStart < 0) key = JSON.parse(json.slice(at, end + 1))
        at = end
        break
      }
      case colon:
        if (depth === 1 && valueStart < 0) valueStart = at + 1
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
    if (valueStart >= 0 && key === name) text = json.slice(valueStart, end).trim()
    valueStart = -1
  }
}

/** A string, which is skipped, or a number. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const mayLeaveRange = /[eE][+-]?\d{3}|\d{300}/

/**
 * Numbers that no double holds (1e400) become texts: a JSON parser behind the bus would read infinity or
 * zero, and what it writes then is no JSON any more.
 */
export function withNumbersInRange(json: string): string {
  if (!mayLeaveRange.test(json)) return json
  return json.replace(stringOrNumber, (token) =>
    token.startsWith('"') || fitsDouble(token) ? token : `"${token}"`,
  )
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1
  return at
}
