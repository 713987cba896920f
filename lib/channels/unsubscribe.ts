import { domainToASCII } from 'node:url'
import * as z from 'zod'
import type { ChannelMessage } from './channel.ts'

/** Fields of the notification that a link may contain as placeholders, such as `{tenant}`. */
const names = ['tenant', 'eventType', 'notificationId', 'address'] as const
type Name = (typeof names)[number]

const placeholder = /\{([^{}]*)\}/g

/**
 * A link by which a mail's reader unsubscribes: `mailto:off@example.org?subject={notificationId}` or
 * `https://example.org/off?id={notificationId}`. Parsed it is visible ASCII, since it becomes a header: an
 * IDN domain in its ASCII form, other letters percent-encoded.
 */
export const unsubscribeLink = z
  .string()
  .overwrite(inAscii)
  .regex(/^(mailto:|https:\/\/)[!-;=?-~]+$/, 'is not a link mailto:… or https://…')
  .refine(
    (link) => [...link.matchAll(placeholder)].every(([, name]) => names.includes(name as Name)),
    { error: `has a placeholder other than ${names.map((name) => `{${name}}`).join(', ')}` },
  )

function inAscii(link: string): string {
  return link
    .replace(/^(https:\/\/|mailto:[^@?]*@)([^/?#]*)/, (whole, start: string, domain: string) =>
      /^\p{ASCII}*$/u.test(domain) ? whole : `${start}${domainToASCII(domain)}`,
    )
    .replace(/\P{ASCII}+/gu, encodeURIComponent)
}

/** The link for the reader of one mail. */
export function unsubscribeTarget(link: string, message: ChannelMessage): string {
  return link.replace(placeholder, (_, name: Name) => encodeURIComponent(message[name]))
}

/**
 * List-Unsubscribe (RFC 2369) and, for https, List-Unsubscribe-Post (RFC 8058): the click sends a POST,
 * so that software which merely opens the link does not unsubscribe.
 */
export function unsubscribeHeaders(target: string): Record<string, string> {
  return {
    'List-Unsubscribe': `<${target}>`,
    ...(target.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  }
}
