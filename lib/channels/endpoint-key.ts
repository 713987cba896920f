import { hkdfSync } from 'node:crypto'
import { EcosError } from '../errors.ts'

/** How often an endpoint's key was rotated: 1 for its first key. */
export interface KeyGeneration {
  readonly generation: number
  /** ISO 8601, in UTC: since when the present generation is in use. */
  readonly since?: string
}

/** Milliseconds after a rotation for which requests are signed with the previous key too. */
export const keyOverlap = 24 * 60 * 60 * 1000

/** Bytes of a secret, at least (Standard Webhooks, Signature scheme), and of each key made of it. */
const [minSecretBytes, keyBytes] = [24, 32]

/** The endpoint of an address: the URL without its query, in which a rule's addresses may differ by user. */
export function endpointOf(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname
}

/**
 * The key of one endpoint of a tenant, `whsec_…`: derived from the secret (HKDF, RFC 5869), so that
 * whoever knows a key can neither learn the secret nor sign for another endpoint.
 *
 * @throws EcosError `webhook-secret`, without the secret
 */
export function endpointKey(
  secret: string,
  tenant: string,
  endpoint: string,
  generation: number,
): string {
  const info = JSON.stringify(['ecos-eventbridge webhook', tenant, endpoint, generation])
  const key = hkdfSync('sha256', secretBytes(secret), '', info, keyBytes)
  return `whsec_${Buffer.from(key).toString('base64')}`
}

/**
 * The keys that requests to an endpoint are signed with now, the newest first.
 *
 * @param secrets the tenant's secret; during its rotation the new one, a space and the old one
 * @throws EcosError `webhook-secret`
 */
export function signingKeys(
  secrets: string,
  tenant: string,
  endpoint: string,
  { generation, since }: KeyGeneration,
  now: Date,
): string[] {
  const isOverlap =
    generation > 1 && since !== undefined && now.getTime() < Date.parse(since) + keyOverlap
  const generations = isOverlap ? [generation, generation - 1] : [generation]
  return generations.flatMap((one) =>
    secrets.split(/\s+/).map((secret) => endpointKey(secret, tenant, endpoint, one)),
  )
}

function secretBytes(secret: string): Buffer {
  const base64 = secret.replace(/^whsec_/, '')
  const bytes = Buffer.from(base64, 'base64')
  if (/^[A-Za-z0-9+/]+=*$/.test(base64) && bytes.length >= minSecretBytes) return bytes
  throw new EcosError(
    'webhook-secret',
    `The webhook secret must be whsec_… with ${minSecretBytes} bytes or more in base64, or two of these separated by a space`,
  )
}
