import { createHash } from 'node:crypto'

/** CloudEvents attributes are text without control characters or lone surrogates (section 3.1). */
const attributeText = /^[^\p{Cc}\p{Cs}]{1,256}$/u

/** The value if it is valid as a CloudEvents attribute, otherwise undefined. */
export function asAttribute(value: unknown): string | undefined {
  return typeof value === 'string' && attributeText.test(value) ? value : undefined
}

/**
 * The event's own id if it is valid (1 to 256 characters), otherwise a hash of tenant, type and body (64
 * hexadecimal digits), so that a redelivered message gets the same id.
 */
export function eventId(tenant: string, type: string, ownId: unknown, body: Uint8Array): string {
  return (
    asAttribute(ownId) ??
    createHash('sha256')
      .update(JSON.stringify([tenant, type]))
      .update(body)
      .digest('hex')
  )
}
