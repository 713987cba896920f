import * as z from 'zod'
import { createChannelSecret } from '../lib/aws/channel-secrets.ts'
import { createDynamoDb } from '../lib/aws/tables/dynamodb.ts'
import { createEndpointKeys } from '../lib/aws/tables/endpoint-keys.ts'
import { createWebhookChannel } from '../lib/channels/webhook.ts'
import { readSettings } from './shared/read-settings.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { SECRET_ID, SUBSCRIPTIONS_TABLE, WEBHOOK_ALLOW_PRIVATE } = readSettings(
  z.object({
    SECRET_ID: z.string(),
    SUBSCRIPTIONS_TABLE: z.string(),
    WEBHOOK_ALLOW_PRIVATE: z.stringbool(),
  }),
)

/** Posts the notifications in the webhook queue. */
export const handler = sendingFunction(
  'webhook',
  createWebhookChannel({
    secretOf: createChannelSecret(SECRET_ID),
    generationOf: createEndpointKeys(SUBSCRIPTIONS_TABLE, createDynamoDb()).find,
    allowPrivate: WEBHOOK_ALLOW_PRIVATE,
  }),
)
