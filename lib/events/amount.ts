/**
 * A decimal number of any size and precision: 0.`digits` × 10^`magnitude`. Amounts are compared digit by
 * digit, since JavaScript's numbers hold 15 to 17 digits only.
 */
export interface Amount {
  readonly isNegative: boolean
  /** Without zeros at either end; empty for zero. */
  readonly digits: string
  readonly magnitude: number
}

const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,15}))?$/

/** Undefined for anything but a number in JSON's notation. */
export function parseAmount(text: string): Amount | undefined {
  const match = decimal.exec(text)
  if (match === null) return undefined
  const [, sign, integer = '', fraction = '', exponent = '0'] = match
  const all = integer + fraction
  let start = 0
  while (all[start] === '0') start += 1
  if (start === all.length) return { isNegative: false, digits: '', magnitude: 0 }
  let end = all.length
  while (all[end - 1] === '0') end -= 1
  return {
    isNegative: sign === '-',
    digits: all.slice(start, end),
    magnitude: integer.length - start + Number(exponent),
  }
}

/** @returns a negative number, zero or a positive number, as for Array.sort */
export function compareAmounts(a: Amount, b: Amount): number {
  const [signA, signB] = [signOf(a), signOf(b)]
  if (signA !== signB) return signA - signB
  if (a.magnitude !== b.magnitude) return signA * (a.magnitude - b.magnitude)
  if (a.digits === b.digits) return 0
  return a.digits < b.digits ? -signA : signA
}

function signOf({ isNegative, digits }: Amount): number {
  if (digits === '') return 0
  return isNegative ? -1 : 1
}

/** Whether a double holds the amount at all, however imprecisely: neither infinity nor, wrongly, zero. */
export function fitsDouble(text: string): boolean {
  const value = Number(text)
  return Number.isFinite(value) && (value !== 0 || parseAmount(text)?.digits === '')
}
