import { parseJson, withoutMark } from '../parse.ts'
import { compareAmounts, parseAmount } from './amount.ts'

declare global {
  // ECMAScript proposal "JSON.parse source text access", stage 4; in Node.js since 21.
  interface JSON {
    rawJSON(text: string): object
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
  }
}

/**
 * A number with more digits than a JavaScript number holds. It calculates as the nearest number, and keeps
 * its digits as text (`String`, templates) and in JSON.
 */
export class ExactNumber extends Number {
  readonly #text: string

  /** @param text a number in JSON's notation */
  constructor(text: string) {
    super(text)
    this.#text = text
  }

  override toString(): string {
    return this.#text
  }

  toJSON(): object {
    return JSON.rawJSON(this.#text)
  }
}

/** The number itself if JavaScript holds its amount, otherwise an ExactNumber. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text)
  const shortest = String(value)
  if (shortest === text) return value
  const [held, sent] = [parseAmount(shortest), parseAmount(text)]
  return held && sent && compareAmounts(held, sent) === 0 ? value : new ExactNumber(text)
}

/** Numbers of up to 15 digits without an exponent are never changed by JSON.parse. */
const mayLoseDigits = /[\d.]{16}|\d[eE]/

/** As parseJson, with an ExactNumber for each number that JavaScript can't hold. */
export function parseExactJson(json: string): unknown {
  if (!mayLoseDigits.test(json)) return parseJson(json)
  try {
    return JSON.parse(withoutMark(json), (_, value, { source }) =>
      typeof value === 'number' && source !== undefined ? exactNumber(source) : value,
    )
  } catch {
    return undefined
  }
}
