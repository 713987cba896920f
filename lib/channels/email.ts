import type { SendMailOptions } from 'nodemailer'
import type { Channel, Delivery } from './channel.ts'
import { unsubscribeHeaders } from './unsubscribe.ts'

/** Hands one mail of a tenant to a provider. Never throws for what the provider answers. */
export type SendMail = (mail: SendMailOptions, tenant: string) => Promise<Delivery>

export interface EmailOptions {
  /** An address, with or without a name: `ECOS <ecos@example.org>`. */
  readonly from: string
  /** See `unsubscribeLink`. */
  readonly unsubscribe?: string | undefined
}

/**
 * One address without a name, its local part in any script (RFC 6531). Not all that RFC 5322 allows:
 * what could be read as a second address, a comment, a quoted text or a header is refused.
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
        // The same each time, so that a mail reader shows a second delivery as the same mail.
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
