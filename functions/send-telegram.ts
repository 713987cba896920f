import * as z from 'zod'
import { createChannelSecret } from '../lib/aws/channel-secrets.ts'
import { createTelegramChannel } from '../lib/channels/telegram.ts'
import { readEnvironment } from '../lib/config.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { SECRET_ID, TELEGRAM_API_URL } = readEnvironment(
  z.object({ SECRET_ID: z.string(), TELEGRAM_API_URL: z.url() }),
  process.env,
)

/** Sends the notifications in the Telegram queue. */
export const handler = sendingFunction(
  'telegram',
  createTelegramChannel({ apiUrl: TELEGRAM_API_URL, tokenOf: createChannelSecret(SECRET_ID) }),
)
