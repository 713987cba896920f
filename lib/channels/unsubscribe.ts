import { z } from 'zod'
import type { ChannelMessage } from './channel.ts'

/** What a link may name of the notification, as `{tenant}`. */
const names = ['tenant', 'eventType', 'notificationId', 'address'] as const
type Name = (typeof names)[number]

const placeholder = /\{([^{}]*)\}/g

/**
 * Where a reader of a mail ends its subscription: `mailto:off@example.org?subject={notificationId}`
 * or `https://example.org/off?id={notificationId}`. Visible ASCII alone, as it stands in a header.
 */
export const unsubscribeLink = z
  .string()
  .regex(/^(mailto:|https:\/\/)[!-;=?-~]+$/, 'is no link mailto:… or https://…')
  .refine(
    (link) => [...link.matchAll(placeholder)].every(([, name]) => names.includes(name as Name)),
    { error: `names something other than ${names.map((name) => `{${name}}`).join(', ')}` },
  )

/**
 * List-Unsubscribe (RFC 2369), and for https the header that makes it one click (RFC 8058). That one
 * click is a POST: a mail reader which only looks at the link must not end a subscription.
 */
export function unsubscribeHeaders(link: string, message: ChannelMessage): Record<string, string> {
  const target = link.replace(placeholder, (_, name: Name) => encodeURIComponent(message[name]))
  return {
    'List-Unsubscribe': `<${target}>`,
    ...(link.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  }
}
