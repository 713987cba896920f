import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { type CheckedAddress, oneAddressOnly } from './checked.ts'

/** Digits with the marks between them that people write. */
const written = /^\+[\d\s().\-/\u2010-\u2015]+$/

/** A telephone number in E.164. Its length has to be possible in its country. */
export function phoneNumber(text: string): CheckedAddress {
  if (/[,;]|\+.*\+/.test(text)) return oneAddressOnly
  if (!text.startsWith('+')) {
    return { problem: 'has no country code: write +79991234567' }
  }
  const parsed = written.test(text)
    ? parsePhoneNumberFromString(text, { extract: false })
    : undefined
  return parsed?.isPossible()
    ? { address: parsed.number }
    : { problem: 'is not a telephone number: write it in full, such as +79991234567' }
}
