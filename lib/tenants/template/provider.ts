import { mailbox } from '../../channels/addresses/mailbox.ts'
import type { ChannelName } from '../../channels/channel.ts'
import { arn, ref, type Value } from './cloudformation.ts'
import { mailConfigurationSet } from './mail-feedback.ts'
import { pageAddress, pageSecret } from './own-page.ts'
import { allow } from './queue-function.ts'
import { readSecrets, secretNames } from './secrets.ts'
import type { Settings } from './settings.ts'

/** The variables and permissions with which a sender reaches its provider. */
export interface Provider {
  readonly environment: { readonly [name: string]: Value }
  readonly statements: readonly Value[]
}

/** @param secretId the cell's secret for the channel; no other function may read it */
type ProviderOf = (secretId: string, settings: Settings) => Provider

export const providers: Readonly<Record<ChannelName, ProviderOf>> = {
  email(secretId, settings) {
    const { emailTransport, emailFrom, emailUnsubscribe } = settings
    const page = pageLinks(settings)
    const environment = {
      EMAIL_TRANSPORT: emailTransport,
      EMAIL_FROM: emailFrom,
      EMAIL_UNSUBSCRIBE: emailUnsubscribe,
      ...page.environment,
    }
    if (emailTransport === 'smtp') {
      const smtp = withSecret(secretId, environment)
      return { ...smtp, statements: [...smtp.statements, ...page.statements] }
    }
    // A default configuration set of the identity is checked as a resource too.
    const resources = [
      ...senderIdentities(emailFrom).map((id) => `identity/${id}`),
      'configuration-set/*',
    ]
    const statement = allow(
      ['ses:SendEmail', 'ses:SendRawEmail'],
      resources.map((resource) => arn('ses', resource)),
    )
    const events = { SES_CONFIGURATION_SET: ref(mailConfigurationSet) }
    return {
      environment: { ...environment, ...events },
      statements: [statement, ...page.statements],
    }
  },
  webhook(secretId, { webhookAllowPrivate }) {
    return withSecret(secretId, { WEBHOOK_ALLOW_PRIVATE: String(webhookAllowPrivate) })
  },
  // The address is the credential.
  chat(_, { webhookAllowPrivate, chatWebhookPerSecond }) {
    const environment = {
      WEBHOOK_ALLOW_PRIVATE: String(webhookAllowPrivate),
      CHAT_WEBHOOK_PER_SECOND: String(chatWebhookPerSecond),
    }
    return { environment, statements: [] }
  },
  telegram(secretId, { telegramApiUrl, telegramChatPerSecond }) {
    return withSecret(secretId, {
      TELEGRAM_API_URL: telegramApiUrl,
      TELEGRAM_CHAT_PER_SECOND: String(telegramChatPerSecond),
    })
  },
  push(secretId, { pushApiUrl }) {
    return withSecret(secretId, { PUSH_API_URL: pushApiUrl })
  },
  sms(_, { smsMaxParts, smsSenderId }) {
    return {
      environment: { SMS_MAX_PARTS: String(smsMaxParts), SMS_SENDER_ID: smsSenderId },
      statements: [publishToNumbers],
    }
  },
}

/** What the sender of mails needs to sign the links to its readers' own pages. */
function pageLinks(settings: Settings): Provider {
  const url = pageAddress(settings)
  if (url === undefined) return { environment: {}, statements: [] }
  const secretId = pageSecret(settings)
  return {
    environment: { OWN_PAGE_URL: url, OWN_PAGE_SECRET_ID: secretId },
    statements: [readSecrets(...secretNames(secretId))],
  }
}

/** The address that mails come from, and its domain: SES knows a sender by either. */
function senderIdentities(emailFrom: string): string[] {
  const { address } = mailbox.parse(emailFrom)
  return [address, address.slice(address.lastIndexOf('@') + 1)]
}

/** A phone number has no ARN, so the statement excludes topics instead. */
const publishToNumbers: Value = {
  Effect: 'Allow',
  Action: ['sns:Publish'],
  NotResource: { 'Fn::Sub': `arn:\${AWS::Partition}:sns:*:*:*` },
}

/** Grants the cell's secret, and the tenants' own below it. */
function withSecret(secretId: string, environment: Provider['environment']): Provider {
  return {
    environment: { ...environment, SECRET_ID: secretId },
    statements: [readSecrets(...secretNames(secretId), `${secretId}/*`)],
  }
}
