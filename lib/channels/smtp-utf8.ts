import type { SendMailOptions } from 'nodemailer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'

/** Whether a mail has an address that only a server with SMTPUTF8 may be given (RFC 6531). */
export function needsSmtpUtf8({ from, to }: SendMailOptions): boolean {
  return [from, to].some((one) => !/^\p{ASCII}*$/u.test(addressOf(one).replace(/@[^@]*$/, '')))
}

function addressOf(one: SendMailOptions['from'] | SendMailOptions['to']): string {
  return typeof one === 'object' && one !== null && 'address' in one ? String(one.address) : ''
}

/**
 * Asks a server, over a connection of its own: nodemailer gives the address also to one without SMTPUTF8.
 *
 * @throws nodemailer's error if there is no connection
 */
export async function offersSmtpUtf8(
  url: string,
  options: SMTPConnectionOptions,
): Promise<boolean> {
  const connection = new SMTPConnection({ ...options, ...parseConnectionUrl(url) })
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject)
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    // The answer to EHLO.
    return /^250[ -]SMTPUTF8\b/im.test(String(connection.lastServerResponse))
  } finally {
    connection.close()
  }
}
