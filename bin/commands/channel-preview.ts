import type { ChannelMessage, ChannelName } from '../../lib/channels/channel.ts'
import { chatMessage } from '../../lib/channels/chat-text.ts'
import { mailText } from '../../lib/channels/email.ts'
import { pushMessage } from '../../lib/channels/push-message.ts'
import { smsOf, smsParts } from '../../lib/channels/sms.ts'
import { telegramMessage } from '../../lib/channels/telegram-text.ts'
import { webhookPayload } from '../../lib/channels/webhook-payload.ts'
import { say } from '../say.ts'

/** A notification as it arrives by the channel, for a terminal. */
export function arriving(channel: ChannelName, message: ChannelMessage, smsMaxParts = 3): string {
  const { title } = message
  switch (channel) {
    case 'email':
      return `${say('Title: {title}', { title })}\n\n${mailText(message, {}).trimEnd()}`
    case 'webhook':
      return JSON.stringify(webhookPayload(message, new Date()), undefined, 2)
    case 'telegram':
      return telegramText(telegramMessage(message))
    case 'chat':
      return JSON.stringify(chatMessage(message), undefined, 2)
    case 'push':
      return JSON.stringify(pushMessage(message), undefined, 2)
    case 'sms': {
      const text = smsOf(message, smsMaxParts)
      return `${text}\n\n${say('(parts: {parts})', { parts: smsParts(text) })}`
    }
  }
}

/** The message's HTML, and its button below. */
function telegramText(sent: ReturnType<typeof telegramMessage>): string {
  const buttons = sent.reply_markup?.inline_keyboard.flat() ?? []
  return [sent.text, ...buttons.map(({ text, url }) => `[ ${text} ] ${url}`)].join('\n\n')
}
