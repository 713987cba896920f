import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { createTransport } from 'nodemailer'
import type { SendMail } from '../channels/email.ts'

/** Milliseconds, below the 30 seconds of a queue-fed function with the SDK's own retries counted. */
const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 6_000,
  throwOnRequestTimeout: true,
}

/** SES errors that speak of this mail (SES API v2 reference, SendEmail). Anything else may pass. */
const ofThisMail = new Set(['BadRequestException', 'MessageRejected'])

/** Mail over SES. Its reasons are the names of SES's errors, since the texts repeat addresses. */
export function createSes(sesClient = new SESv2Client({ requestHandler })): SendMail {
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
