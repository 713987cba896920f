import type { ChannelName } from '../../channels/channel.ts'
import { arn, type Value } from './cloudformation.ts'
import { allow } from './queue-function.ts'
import type { Settings } from './settings.ts'

/** The variables and permissions with which a sender reaches its provider. */
export interface Provider {
  readonly environment: { readonly [name: string]: Value }
  readonly statements: readonly Value[]
}

/** @param secretId the cell's secret for the channel; no other function may read it */
type ProviderOf = (secretId: string, settings: Settings) => Provider

export const providers: Readonly<Record<ChannelName, ProviderOf>> = {
  email(secretId, { emailTransport, emailFrom, emailUnsubscribe }) {
    const environment = {
      EMAIL_TRANSPORT: emailTransport,
      EMAIL_FROM: emailFrom,
      EMAIL_UNSUBSCRIBE: emailUnsubscribe,
    }
    if (emailTransport === 'smtp') return withSecret(secretId, environment)
    const statement = allow(['ses:SendEmail', 'ses:SendRawEmail'], arn('ses', 'identity/*'))
    return { environment, statements: [statement] }
  },
  webhook(secretId, { webhookAllowPrivate }) {
    return withSecret(secretId, { WEBHOOK_ALLOW_PRIVATE: String(webhookAllowPrivate) })
  },
  telegram(secretId, { telegramApiUrl }) {
    return withSecret(secretId, { TELEGRAM_API_URL: telegramApiUrl })
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

/** A phone number has no ARN, so the statement excludes topics instead. */
const publishToNumbers: Value = {
  Effect: 'Allow',
  Action: ['sns:Publish'],
  NotResource: { 'Fn::Sub': `arn:\${AWS::Partition}:sns:*:*:*` },
}

/** Grants the cell's secret, and the tenants' own below it. */
function withSecret(secretId: string, environment: Provider['environment']): Provider {
  // Secrets Manager appends a hyphen and six random characters to a secret's ARN.
  const secrets = [`${secretId}-??????`, `${secretId}/*`]
  return {
    environment: { ...environment, SECRET_ID: secretId },
    statements: [
      allow(
        ['secretsmanager:GetSecretValue'],
        secrets.map((secret) => arn('secretsmanager', `secret:${secret}`)),
      ),
    ],
  }
}
