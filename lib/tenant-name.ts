import { createHash } from 'node:crypto'

/**
 * Names of tenants in AWS, at the broker and in folders. A tenant id may hold any character; a name has
 * only letters, digits, `.`, `_` and `-`, which every service accepts. An id of these characters that
 * starts with a letter or a digit is its own name. Every other name starts with `_`, so the two never meet.
 */
const plainId = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const keptBytes = /[A-Za-z0-9.-]/

/** Hexadecimal digits of a hash: 64 bits. */
const hashLength = 16
/** No escaped name has it after its first character: an escape's digits are upper case. */
const hashMark = '_h'

/** `acme` → `acme`; `acme corp` → `_acme_20corp`. Reversible and without a limit: for keys and folders. */
export function escapeTenant(id: string): string {
  return plainId.test(id) ? id : `_${[...Buffer.from(id)].map(escapeByte).join('')}`
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (keptBytes.test(character)) return character
  return `_${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** @returns undefined if `escapeTenant` makes no such name */
export function unescapeTenant(name: string): string | undefined {
  if (plainId.test(name)) return name
  const encoded = name.slice(1).replaceAll('_', '%')
  try {
    const id = decodeURIComponent(encoded)
    return escapeTenant(id) === name ? id : undefined
  } catch {
    return undefined
  }
}

/**
 * The escaped id, or, where it is longer than the limit, its beginning with a hash: that name can't be
 * read back, only made again from the id.
 */
export function tenantName(id: string, maxLength: number): string {
  const name = escapeTenant(id)
  if (name.length <= maxLength) return name
  const hash = createHash('sha256').update(id).digest('hex').slice(0, hashLength)
  const begin = name.startsWith('_') ? name : `_${name}`
  return `${begin.slice(0, maxLength - hashMark.length - hashLength)}${hashMark}${hash}`
}
