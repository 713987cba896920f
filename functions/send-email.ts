import * as z from 'zod'
import { createChannelSecret } from '../lib/aws/channel-secrets.ts'
import { secretText } from '../lib/aws/secrets.ts'
import { createSes } from '../lib/aws/ses.ts'
import { mailbox } from '../lib/channels/addresses/mailbox.ts'
import { createEmailChannel } from '../lib/channels/email.ts'
import { createOwnLinks } from '../lib/channels/own-links.ts'
import { createSmtp } from '../lib/channels/smtp.ts'
import { unsubscribeLink } from '../lib/channels/unsubscribe.ts'
import { readSettings } from './shared/read-settings.ts'
import { sendingFunction } from './shared/sending-function.ts'

const settings = readSettings(
  z.object({
    EMAIL_FROM: mailbox,
    EMAIL_TRANSPORT: z.enum(['smtp', 'ses']),
    EMAIL_UNSUBSCRIBE: unsubscribeLink.optional(),
    SES_CONFIGURATION_SET: z.string().optional(),
    OWN_PAGE_URL: z.url().optional(),
    OWN_PAGE_SECRET_ID: z.string().optional(),
  }),
)

/** Sends the notifications in the e-mail queue. */
export const handler = sendingFunction(
  'email',
  createEmailChannel(
    { from: settings.EMAIL_FROM, unsubscribe: settings.EMAIL_UNSUBSCRIBE, ownLinks: ownLinks() },
    settings.EMAIL_TRANSPORT === 'ses'
      ? createSes(undefined, settings.SES_CONFIGURATION_SET)
      : createSmtp(smtpUrl()),
  ),
)

function smtpUrl() {
  const { SECRET_ID } = readSettings(z.object({ SECRET_ID: z.string() }))
  return createChannelSecret(SECRET_ID)
}

/** Undefined where the cell has no page for people. */
function ownLinks() {
  const { OWN_PAGE_URL: url, OWN_PAGE_SECRET_ID: secretId } = settings
  return url && secretId ? createOwnLinks(url, () => secretText(secretId)) : undefined
}
