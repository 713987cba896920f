import * as z from 'zod'
import { createChannelSecret } from '../lib/aws/channel-secrets.ts'
import { createPushChannel } from '../lib/channels/push.ts'
import { readSettings } from './shared/read-settings.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { SECRET_ID, PUSH_API_URL } = readSettings(
  z.object({ SECRET_ID: z.string(), PUSH_API_URL: z.url() }),
)

/** Sends the notifications in the push queue to people's devices. */
export const handler = sendingFunction(
  'push',
  createPushChannel({ apiUrl: PUSH_API_URL, accountOf: createChannelSecret(SECRET_ID) }),
)
