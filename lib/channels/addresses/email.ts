import { domainToASCII } from 'node:url'
import { type CheckedAddress, oneAddressOnly } from './checked.ts'
import { isMailDomain } from './host-name.ts'

/** Octets (RFC 5321, section 4.5.3.1). A path of 256 includes its angle brackets. */
const [longestLocalPart, longestAddress] = [64, 254]

/** Dot-string of RFC 5321, in any script (RFC 6531). */
const localPartShape = /^[^\s\p{C}<>()[\],;:\\"@.]+(\.[^\s\p{C}<>()[\],;:\\"@.]+)*$/u

/**
 * One mailbox without a name, its domain in ASCII (IDNA). Stricter than RFC 5322: quoted local parts,
 * comments and IP addresses are refused. `Name <address>` and `mailto:address` become the address.
 */
export function emailAddress(text: string): CheckedAddress {
  // Normal form first: it can make a character of its own into one that is refused.
  const given = withoutName(text.normalize('NFC'))
  if (/[,;]/.test(given)) return oneAddressOnly
  if (/["\\]/.test(given)) return { problem: 'has a quoted part: write name@example.org' }
  const [localPart = '', domain, ...more] = given.split('@')
  if (domain === undefined) return { problem: 'has no @: write name@example.org' }
  if (more.length > 0) return oneAddressOnly
  if (!localPartShape.test(localPart)) {
    return { problem: 'has an invalid part before the @: write name@example.org' }
  }
  // The function reads a URL's host: what would end one is no part of a domain.
  const host = /[/?#:%]/.test(domain) ? '' : domainToASCII(domain.replace(/\.$/, ''))
  if (!isMailDomain(host)) {
    return { problem: 'has an invalid domain: write a full one, such as example.org' }
  }
  const address = `${localPart}@${host}`
  return Buffer.byteLength(localPart) > longestLocalPart ||
    Buffer.byteLength(address) > longestAddress
    ? {
        problem: `is too long: ${longestLocalPart} bytes before the @, ${longestAddress} in all`,
      }
    : { address }
}

function withoutName(text: string): string {
  const inBrackets = /^(?:"[^"]*"|[^<>@,;"]*)\s*<([^<>]*)>$/.exec(text)?.[1]
  return (inBrackets ?? text).trim().replace(/^mailto:/i, '')
}
