import type { SendMailOptions } from 'nodemailer'
import type { Channel, Delivery } from './channel.ts'
import { unsubscribeHeaders } from './unsubscribe.ts'

/** Sends one mail of a tenant through a provider. Never throws for a provider's answer. */
export type SendMail = (mail: SendMailOptions, tenant: string) => Promise<Delivery>

export interface EmailOptions {
  /** An address, with or without a name: `ECOS <ecos@example.org>`. */
  readonly from: string
  /** See `unsubscribeLink`. */
  readonly unsubscribe?: string | undefined
}

/**
 * One address without a name, its local part in any script (RFC 6531). Stricter than RFC 5322: anything
 * that could be read as a second address, a comment, a quoted string or a header is refused.
 */
const oneAddress = /^[^\s\p{C}<>()[\],;:\\"@]{1,64}@[^\s\p{C}<>()[\],;:\\"@]{1,255}$/u

export function createEmailChannel({ from, unsubscribe }: EmailOptions, send: SendMail): Channel {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>?\s*$/, '')
  return {
    async deliver(message) {
      const { notificationId, tenant, address, title, text, html, locale } = message
      if (!oneAddress.test(address)) return { outcome: 'permanent', reason: 'invalid address' }
      const mail: SendMailOptions = {
        from,
        to: { name: '', address },
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
