import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { late } from '../late.ts'
import { parseJson } from '../parse.ts'

/** Days for which a link works: a mail's way to unsubscribe has to work for 30 at least (CAN-SPAM, section 5). */
export const ownLinkDays = 60

/** Bytes of the secret, at least, and of each tenant's key. */
const keyBytes = 32

/** Characters of a token; a tenant's and a person's name are far shorter. */
const longestToken = 4096

const content = late(() =>
  z.tuple([
    z.enum(['page', 'unsubscribe']),
    z.string().min(1),
    z.string().min(1),
    z.number().int(),
    z.string(),
  ]),
)

/** A link by which one person reaches their own settings without a login. */
export interface OwnLink {
  /** The page of settings, or mails of one event type that are to end. */
  readonly purpose: 'page' | 'unsubscribe'
  readonly tenant: string
  readonly username: string
  /** Epoch seconds. */
  readonly issuedAt: number
  /** The type of the mail that has the link. */
  readonly eventType: string
}

export type ReadLink = { readonly link: OwnLink } | { readonly refused: 'forged' | 'expired' }

/**
 * A token for a link: what it is for, signed by the tenant's key (HMAC-SHA256). It holds names but no secret.
 *
 * @param secrets the cell's secret, or the new and the old one with a space between; the first signs
 * @throws EcosError `page-secret`, without the secret
 */
export function signOwnLink(secrets: string, link: OwnLink): string {
  const { purpose, tenant, username, issuedAt, eventType } = link
  const text = JSON.stringify([purpose, tenant, username, issuedAt, eventType])
  const [first = ''] = secrets.split(/\s+/)
  const payload = Buffer.from(text).toString('base64url')
  return `${payload}.${mac(first, tenant, payload).toString('base64url')}`
}

/** Reads a token that any of the secrets has signed. Costs no call, whatever somebody sends. */
export function readOwnLink(secrets: string, token: string, now: Date): ReadLink {
  const forged = { refused: 'forged' } as const
  const [payload = '', signature = '', ...rest] = token.split('.')
  if (token.length > longestToken || rest.length > 0) return forged
  const { data } = content.safeParse(parseJson(Buffer.from(payload, 'base64url').toString()))
  if (data === undefined) return forged
  const [purpose, tenant, username, issuedAt, eventType] = data
  // Compared as text: decoding would ignore characters that are not of base64.
  const given = Buffer.from(signature)
  const isSigned = secrets.split(/\s+/).some((secret) => {
    const expected = Buffer.from(mac(secret, tenant, payload).toString('base64url'))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!isSigned) return forged
  const age = now.getTime() / 1000 - issuedAt
  if (age > ownLinkDays * 86_400) return { refused: 'expired' }
  return { link: { purpose, tenant, username, issuedAt, eventType } }
}

function mac(secret: string, tenant: string, payload: string): Buffer {
  const info = JSON.stringify(['ecos-eventbridge own page', tenant])
  const key = hkdfSync('sha256', secretBytes(secret), '', info, keyBytes)
  return createHmac('sha256', Buffer.from(key)).update(payload).digest()
}

function secretBytes(secret: string): Buffer {
  const bytes = Buffer.from(secret, 'base64')
  if (/^[A-Za-z0-9+/]+=*$/.test(secret) && bytes.length >= keyBytes) return bytes
  throw new EcosError(
    'page-secret',
    `The page's secret must be ${keyBytes} bytes or more in base64, or two of these separated by a space`,
  )
}
