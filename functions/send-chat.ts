import * as z from 'zod'
import { chatRate, createChatChannel } from '../lib/channels/chat.ts'
import { readEnvironment } from '../lib/config.ts'
import { sendingFunction } from './shared/sending-function.ts'

const { WEBHOOK_ALLOW_PRIVATE } = readEnvironment(
  z.object({ WEBHOOK_ALLOW_PRIVATE: z.stringbool() }),
  process.env,
)

/** Posts the notifications in the chat queue. */
export const handler = sendingFunction('chat', createChatChannel(WEBHOOK_ALLOW_PRIVATE), {
  rateTo: () => chatRate,
  hasOneSender: false,
})
