import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { createTransport } from 'nodemailer'
import type { SendMail } from '../channels/email.ts'
import { createClient, slowBounds } from './client.ts'

/** SES errors about this mail (SES API v2 reference, SendEmail). Others are transient. */
const ofThisMail = new Set(['BadRequestException', 'MessageRejected'])

/** Sends mail over SES. A failure's reason is the name of SES's error, since its message repeats addresses. */
export function createSes(sesClient = createClient(SESv2Client, slowBounds)): SendMail {
  const transporter = createTransport({ SES: { sesClient, SendEmailCommand } })
  return async (mail) => {
    try {
      const { response } = await transporter.sendMail(mail)
      return { outcome: 'sent', providerId: response }
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error'
      const outcome = ofThisMail.has(name) ? 'permanent' : 'transient'
      return { outcome, reason: `SES ${name}` }
    }
  }
}
