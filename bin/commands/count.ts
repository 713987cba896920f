import { InvalidArgumentError } from 'commander'
import { say } from '../say.ts'

/** Parses an option's count: a whole number above 0. */
export function count(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new InvalidArgumentError(say('is not a whole number above 0'))
}

/** Parses a whole number from 0. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number
  throw new InvalidArgumentError(say('is not a whole number from 0'))
}
