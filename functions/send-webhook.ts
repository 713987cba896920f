import * as z from 'zod'
import { createChannelSecret } from '../lib/aws/channel-secrets.ts'
import { createWebhookChannel } from '../lib/channels/webhook.ts'
import { readEnvironment } from '../lib/config.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { SECRET_ID, WEBHOOK_ALLOW_PRIVATE } = readEnvironment(
  z.object({ SECRET_ID: z.string(), WEBHOOK_ALLOW_PRIVATE: z.stringbool() }),
  process.env,
)

/** Posts the notifications in the webhook queue. */
export const handler = sendingFunction(
  'webhook',
  createWebhookChannel({
    secretOf: createChannelSecret(SECRET_ID),
    allowPrivate: WEBHOOK_ALLOW_PRIVATE,
  }),
)
