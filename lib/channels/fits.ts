import type { ChannelMessage, ChannelName } from './channel.ts'
import { fitsChat } from './chat-text.ts'
import { fitsPush } from './push-message.ts'
import { smsParts, smsText } from './sms.ts'
import { fitsTelegram } from './telegram-text.ts'

/**
 * Tells whether a channel sends the whole of a message's title and text, or cuts it.
 *
 * @param maxSmsParts the most parts of one SMS
 */
export function createFits(
  maxSmsParts: number,
): (channel: ChannelName, message: ChannelMessage) => boolean {
  return (channel, message) => {
    const { title, text } = message
    switch (channel) {
      case 'telegram':
        return fitsTelegram(title, text)
      case 'chat':
        return fitsChat(message)
      case 'push':
        return fitsPush(message)
      case 'sms':
        return smsParts(smsText(title, text)) <= maxSmsParts
      case 'email':
      case 'webhook':
        return true
    }
  }
}
