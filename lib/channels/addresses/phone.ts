import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { type CheckedAddress, oneAddressOnly } from './checked.ts'

/** Digits with the marks between them that people write. */
const written = /^\+[\d\s().\-/\u2010-\u2015]+$/

/** Parameters behind a number (RFC 3966, section 3): `;ext=104`. */
const parametersShape = /^(?<number>[^;]*)(?<parameters>(?:;\s*[a-z][a-z\d-]*(?:=[^;]*)?)+)$/i

/**
 * A telephone number in E.164. Its length has to be possible in its country. `tel:+7-999-123-45-67`, as links and
 * address books have it, becomes the number.
 */
export function phoneNumber(text: string): CheckedAddress {
  const given = withoutScheme(text)
  const { number = given, parameters } = parametersShape.exec(given)?.groups ?? {}
  if (/[,;]|\+.*\+/.test(number)) return oneAddressOnly
  if (!number.startsWith('+')) {
    return { problem: 'has no country code: write +79991234567' }
  }
  if (parameters !== undefined) return { problem: problemOf(parameters) }
  const parsed = written.test(number)
    ? parsePhoneNumberFromString(number, { extract: false })
    : undefined
  return parsed?.isPossible()
    ? { address: parsed.number }
    : { problem: 'is not a telephone number: write it in full, such as +79991234567' }
}

/** A URI's own characters may be percent-encoded, as spaces are in links. */
function withoutScheme(text: string): string {
  const uri = /^tel:(.*)$/is.exec(text)?.[1]
  if (uri === undefined) return text
  try {
    return decodeURIComponent(uri).trim()
  } catch {
    return uri.trim()
  }
}

/** What a parameter changes would be lost: the message would reach another telephone, or none. */
function problemOf(parameters: string): string {
  return /;\s*ext=/i.test(parameters)
    ? 'has an extension, which no SMS reaches: write a number that has none, such as +79991234567'
    : 'has parameters after the number (;…): write the number alone, such as +79991234567'
}
