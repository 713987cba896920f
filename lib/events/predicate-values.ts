import type { Order, Scalar } from './predicate.ts'

/** How a predicate compares one value of an event with its own. ECOS's rules, in a stricter form. */

/** Texts to the letter; a number or a time with a text that reads as one, by what they amount to. */
export function equals(value: unknown, wanted: Scalar): boolean {
  if (typeof value === typeof wanted) return value === wanted
  if (!isScalar(value)) return false
  const [left, right] = [amountOf(value), amountOf(wanted)]
  if (left !== undefined && right !== undefined) return left === right
  return String(value) === String(wanted)
}

/** In any letter case. */
export function containsText(value: unknown, wanted: Scalar): boolean {
  return isScalar(value) && String(value).toLowerCase().includes(String(wanted).toLowerCase())
}

/** By what the two amount to, where both are numbers or times; else as texts, by UTF-16 code units. */
export function ordered(value: unknown, order: Order, wanted: Scalar): boolean {
  if (!isScalar(value)) return false
  const [left, right] = [amountOf(value), amountOf(wanted)]
  return left !== undefined && right !== undefined
    ? inOrder(left, order, right)
    : inOrder(String(value), order, String(wanted))
}

/** Missing, null, or a text, list or object with nothing in it. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (typeof value === 'object') return Object.keys(value).length === 0
  return false
}

function inOrder<T extends number | string>(left: T, order: Order, right: T): boolean {
  switch (order) {
    case 'gt':
      return left > right
    case 'ge':
      return left >= right
    case 'lt':
      return left < right
    case 'le':
      return left <= right
  }
}

const decimal = /^-?\d{1,30}(\.\d{1,30})?$/
/** ISO 8601: a day, which stands for its first moment in UTC, or a time with its offset. */
const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

/** Times in epoch milliseconds, as ECOS writes them in events. Undefined for all other text. */
function amountOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return undefined
  if (decimal.test(value)) return Number(value)
  const milliseconds = time.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
