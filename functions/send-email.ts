import { z } from 'zod'
import { createDynamoDb } from '../lib/aws/dynamodb.ts'
import { createNotificationStore } from '../lib/aws/notifications-table.ts'
import { secretText } from '../lib/aws/secrets.ts'
import { createSes } from '../lib/aws/ses.ts'
import { createQueues } from '../lib/aws/sqs.ts'
import { createEmailChannel, type SendMail } from '../lib/channels/email.ts'
import { retryPolicyVariable } from '../lib/channels/retry-policy.ts'
import { createSmtp } from '../lib/channels/smtp.ts'
import { readEnvironment } from '../lib/config.ts'
import { queueFunction } from '../lib/lambda.ts'
import { createLog } from '../lib/log.ts'
import { deliver } from '../lib/notifications/deliver.ts'
import { parseQueued } from '../lib/notifications/notification.ts'

const settings = readEnvironment(
  z.object({
    QUEUE_URL: z.url(),
    RETRY_POLICY: retryPolicyVariable,
    EMAIL_FROM: z.string().regex(/^[^\r\n]*[^\s@]+@[^\s@]+$/, 'is no address'),
    EMAIL_TRANSPORT: z.enum(['smtp', 'ses']),
    NOTIFICATIONS_TABLE: z.string(),
  }),
  process.env,
)
const ports = {
  channel: createEmailChannel(settings.EMAIL_FROM, createTransport()),
  notifications: createNotificationStore(settings.NOTIFICATIONS_TABLE, createDynamoDb()),
}

/** Delivers the notifications that wait in the e-mail queue. */
export const handler = queueFunction(
  { parse: parseQueued, handle: (queued, isLast) => deliver(queued, isLast, ports) },
  {
    log: createLog(),
    maxReceiveCount: settings.RETRY_POLICY.tries,
    retryBaseSeconds: settings.RETRY_POLICY.firstWaitSeconds,
    postpone: createQueues()(settings.QUEUE_URL).postpone,
  },
)

function createTransport(): SendMail {
  if (settings.EMAIL_TRANSPORT === 'ses') return createSes()
  const { SMTP_SECRET_ID } = readEnvironment(z.object({ SMTP_SECRET_ID: z.string() }), process.env)
  return createSmtp(() => secretText(SMTP_SECRET_ID))
}
