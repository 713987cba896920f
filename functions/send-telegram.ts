import * as z from 'zod'
import { createChannelSecret } from '../lib/aws/channel-secrets.ts'
import { createTelegramChannel } from '../lib/channels/telegram.ts'
import { telegramRate } from '../lib/channels/telegram-rate.ts'
import { readSettings } from './shared/read-settings.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { SECRET_ID, TELEGRAM_API_URL, TELEGRAM_CHAT_PER_SECOND } = readSettings(
  z.object({
    SECRET_ID: z.string(),
    TELEGRAM_API_URL: z.url(),
    TELEGRAM_CHAT_PER_SECOND: z.coerce.number().positive(),
  }),
)

/** Sends the notifications in the Telegram queue. */
export const handler = sendingFunction(
  'telegram',
  createTelegramChannel({ apiUrl: TELEGRAM_API_URL, tokenOf: createChannelSecret(SECRET_ID) }),
  { rateTo: telegramRate(TELEGRAM_CHAT_PER_SECOND), hasOneSender: true },
)
