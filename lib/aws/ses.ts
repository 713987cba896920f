import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { createTransport } from 'nodemailer'
import type { SendMail } from '../channels/email.ts'
import { readerTags } from '../channels/mail-feedback.ts'
import { createClient, slowBounds } from './client.ts'
import { mayHaveArrived } from './no-answer.ts'

/** SES errors about this mail (SES API v2 reference, SendEmail). Others are transient. */
const ofThisMail = new Set(['BadRequestException', 'MessageRejected'])

/**
 * Sends mail over SES, each by one call: the SDK would repeat one that had no answer. A failure's reason
 * is the name of SES's error, since its message repeats addresses.
 *
 * @param configurationSet names the mails in SES's events; without it the identity's own is used
 */
export function createSes(
  sesClient = createClient(SESv2Client, slowBounds, { maxAttempts: 1 }),
  configurationSet?: string,
): SendMail {
  const transporter = createTransport({ SES: { sesClient, SendEmailCommand } })
  return async (mail, tenant, username) => {
    const ses = configurationSet !== undefined && {
      ConfigurationSetName: configurationSet,
      EmailTags: [...readerTags(tenant, username)],
    }
    try {
      const { response } = await transporter.sendMail({ ...mail, ...(ses && { ses }) })
      return { outcome: 'sent', providerId: response }
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error'
      const reason = `SES ${name}`
      if (mayHaveArrived(error)) return { outcome: 'unknown', reason }
      return { outcome: ofThisMail.has(name) ? 'permanent' : 'transient', reason }
    }
  }
}
