import type { SendMailOptions } from 'nodemailer'
import { checkAddress, undeliverable } from './addresses/address.ts'
import type { Mailbox } from './addresses/mailbox.ts'
import type { Channel, Delivery } from './channel.ts'
import { unsubscribeHeaders } from './unsubscribe.ts'

/** Sends one mail of a tenant through a provider. Never throws for a provider's answer. */
export type SendMail = (mail: SendMailOptions, tenant: string) => Promise<Delivery>

export interface EmailOptions {
  readonly from: Mailbox
  /** See `unsubscribeLink`. */
  readonly unsubscribe?: string | undefined
}

export function createEmailChannel({ from, unsubscribe }: EmailOptions, send: SendMail): Channel {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    async deliver(message) {
      const { notificationId, tenant, title, text, html, locale } = message
      const checked = checkAddress('email', message.address)
      if ('problem' in checked) return undeliverable(checked.problem)
      const mail: SendMailOptions = {
        from,
        to: { name: '', address: checked.address },
        subject: title,
        text,
        html,
        // The same for every delivery, so that mail readers recognize a repeated one.
        messageId: `<${notificationId}@${domain}>`,
        headers: {
          // RFC 3834: keeps out-of-office answers from coming back.
          'Auto-Submitted': 'auto-generated',
          'Content-Language': locale,
          ...(unsubscribe !== undefined && unsubscribeHeaders(unsubscribe, message)),
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      }
      return send(mail, tenant)
    },
  }
}
