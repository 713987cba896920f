import type { SendMailOptions } from 'nodemailer'
import type { Channel, Delivery } from './channel.ts'

/** Hands one mail to a provider. Never throws for what the provider answers. */
export type SendMail = (mail: SendMailOptions) => Promise<Delivery>

/**
 * One address without a name, its local part in any script (RFC 6531). Not all that RFC 5322 allows:
 * what could be read as a second address, a comment, a quoted text or a header is refused.
 */
const oneAddress = /^[^\s\p{C}<>()[\],;:\\"@]{1,64}@[^\s\p{C}<>()[\],;:\\"@]{1,255}$/u

/** @param from an address, with or without a name: `ECOS <ecos@example.org>` */
export function createEmailChannel(from: string, send: SendMail): Channel {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>?\s*$/, '')
  return {
    async deliver({ notificationId, address, title, text, html, locale }) {
      if (!oneAddress.test(address)) return { outcome: 'permanent', reason: 'invalid address' }
      return send({
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
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    },
  }
}
