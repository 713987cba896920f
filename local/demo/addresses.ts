import { createHash } from 'node:crypto'
import type { Action } from '../../lib/notifications/subscriptions/subscriptions.ts'
import type { Receivers } from '../receivers/start.ts'

/**
 * `<user>@<tenant>.example`. Characters that an address can't hold, such as a space in a user's name or
 * an underscore in a domain, are replaced.
 */
export function addressOf(username: string, tenant: string): string {
  const local = username.replace(/[\s\p{C}<>()[\],;:\\"@]+/gu, '.')
  return `${local}@${domainOf(tenant)}.example`
}

/** A tenant's id of other characters than a domain has becomes a hash. */
function domainOf(tenant: string): string {
  if (/^[\w.-]+$/.test(tenant)) return tenant.replaceAll('_', '-')
  return `t-${createHash('sha256').update(tenant).digest('hex').slice(0, 8)}`
}

/** A person's addresses on the channels other than e-mail. */
export function otherActions(
  username: string,
  tenant: string,
  { webhookUrl, chatUrl }: Receivers,
): { channel: Action['channel']; address: string }[] {
  const digest = createHash('sha256').update(`${tenant}#${username}`).digest()
  const digits = String(digest.readUInt32BE() % 10_000_000).padStart(7, '0')
  const path = [tenant, username].map(encodeURIComponent).join('/')
  return [
    { channel: 'webhook', address: `${webhookUrl}/${path}` },
    { channel: 'telegram', address: `9${digits}` },
    { channel: 'chat', address: `${chatUrl}/hooks/${path}` },
    { channel: 'push', address: `device-${digest.toString('hex').slice(0, 16)}` },
    { channel: 'sms', address: `+7999${digits}` },
  ]
}
