import { createHash } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import { checkAddress, undeliverable } from './addresses/address.ts'
import type { Mailbox } from './addresses/mailbox.ts'
import type { Channel, ChannelMessage, Delivery } from './channel.ts'
import { htmlWithLinks, type PersonalLinks, textOfLinks } from './mail-footer.ts'
import type { OwnLinks } from './own-links.ts'
import { unsubscribeHeaders, unsubscribeTarget } from './unsubscribe.ts'

/** Sends one mail of a tenant to a person through a provider. Never throws for a provider's answer. */
export type SendMail = (
  mail: SendMailOptions,
  tenant: string,
  username?: string,
) => Promise<Delivery>

export interface EmailOptions {
  readonly from: Mailbox
  /** See `unsubscribeLink`. */
  readonly unsubscribe?: string | undefined
  /** The links to the reader's own page, if the cell has one. */
  readonly ownLinks?: OwnLinks | undefined
}

export function createEmailChannel(
  { from, unsubscribe, ownLinks }: EmailOptions,
  send: SendMail,
): Channel {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    async deliver(message) {
      const { notificationId, tenant, title, html, locale, mail: parts } = message
      const checked = checkAddress('email', message.address)
      if ('problem' in checked) return undeliverable(checked.problem)
      const own: PersonalLinks = (await ownLinks?.(message)) ?? {}
      const target = unsubscribe ? unsubscribeTarget(unsubscribe, message) : own.unsubscribe
      const links = { ...own, unsubscribe: target }
      const mail: SendMailOptions = {
        from: { ...from, ...parts?.from },
        ...(parts?.replyTo && { replyTo: parts.replyTo }),
        to: { name: '', address: checked.address },
        subject: title,
        text: mailText(message, links),
        html: htmlWithLinks(html, links, locale),
        // The same for every delivery, so that mail readers recognize a repeated one.
        messageId: `<${notificationId}@${domain}>`,
        ...threadOf(message, domain),
        headers: {
          // RFC 3834: keeps out-of-office answers from coming back.
          'Auto-Submitted': 'auto-generated',
          'Content-Language': locale,
          ...(target !== undefined && unsubscribeHeaders(target)),
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      }
      return send(mail, tenant, message.username)
    },
  }
}

/** The text with what the HTML shows around it: the link, and why the reader got it. */
export function mailText(
  { text, link, mail, locale }: ChannelMessage,
  links: PersonalLinks,
): string {
  const footer = [...(mail ? [mail.why] : []), ...textOfLinks(links, locale)]
  const parts = [
    text.trimEnd(),
    ...(link ? [`${link.label}: ${link.url}`] : []),
    // A line that mail readers take for the beginning of a signature (RFC 3676, section 4.3).
    ...(footer.length > 0 ? [['-- ', ...footer].join('\n')] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Mails about the same thing answer one that never was, so that mail readers show them as a thread. */
function threadOf(
  { tenant, mail }: ChannelMessage,
  domain: string,
): Pick<SendMailOptions, 'inReplyTo' | 'references'> {
  if (mail?.thread === undefined) return {}
  const root = createHash('sha256')
    .update(JSON.stringify([tenant, mail.thread]))
    .digest('hex')
  const id = `<thread.${root}@${domain}>`
  return { inReplyTo: id, references: id }
}
