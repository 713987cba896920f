import { type Amount, compareAmounts, parseAmount } from './amount.ts'
import { ExactNumber } from './exact-number.ts'
import type { Order, Scalar } from './predicate.ts'
import { isoTime } from './times.ts'

/** How a predicate compares one value of an event with its own: ECOS's rules, in a stricter form. */

type Single = Scalar | ExactNumber

/** Texts match exactly; a number or time matches a text that denotes the same amount. */
export function equals(value: unknown, wanted: Scalar): boolean {
  if (typeof value === typeof wanted) return value === wanted
  if (!isSingle(value)) return false
  const comparison = compare(value, wanted)
  return comparison === undefined ? String(value) === String(wanted) : comparison === 0
}

/** Ignores letter case. */
export function containsText(value: unknown, wanted: Scalar): boolean {
  return isSingle(value) && String(value).toLowerCase().includes(String(wanted).toLowerCase())
}

/** Compares amounts if both values are numbers or times, otherwise texts by UTF-16 code units. */
export function isOrdered(value: unknown, order: Order, wanted: Scalar): boolean {
  if (!isSingle(value)) return false
  const comparison = compare(value, wanted) ?? compareTexts(String(value), String(wanted))
  switch (order) {
    case 'gt':
      return comparison > 0
    case 'ge':
      return comparison >= 0
    case 'lt':
      return comparison < 0
    case 'le':
      return comparison <= 0
  }
}

/** Missing, null, or an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (value instanceof ExactNumber) return false
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Undefined unless both have an amount. */
function compare(value: Single, wanted: Scalar): number | undefined {
  const [a, b] = [amountOf(value), amountOf(wanted)]
  return a && b && compareAmounts(a, b)
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The longest number of events 2.0 that comes as a text has 2,467 digits and 400 zeros. */
const maxNumberLength = 3000

/** Times count in epoch milliseconds, as ECOS writes them in events. Undefined for other texts. */
function amountOf(value: Single): Amount | undefined {
  const text = String(value)
  if (typeof value === 'string' && text.length > maxNumberLength) return undefined
  return parseAmount(String(isoTime(text) ?? text))
}

function isSingle(value: unknown): value is Single {
  if (value instanceof ExactNumber) return true
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
