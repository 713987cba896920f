import * as z from 'zod'
import { createChatChannel } from '../lib/channels/chat.ts'
import { readSettings } from './shared/read-settings.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { WEBHOOK_ALLOW_PRIVATE, CHAT_WEBHOOK_PER_SECOND } = readSettings(
  z.object({
    WEBHOOK_ALLOW_PRIVATE: z.stringbool(),
    CHAT_WEBHOOK_PER_SECOND: z.coerce.number().positive(),
  }),
)

/** Posts the notifications in the chat queue. */
export const handler = sendingFunction('chat', createChatChannel(WEBHOOK_ALLOW_PRIVATE), {
  rateTo: () => CHAT_WEBHOOK_PER_SECOND,
  hasOneSender: false,
})
