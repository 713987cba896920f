import type { ChannelName, Delivery } from '../channel.ts'
import { chatUrl } from './chat-url.ts'
import type { CheckedAddress } from './checked.ts'
import { emailAddress } from './email.ts'
import { phoneNumber } from './phone.ts'
import { pushToken } from './push-token.ts'
import { telegramChat } from './telegram-chat.ts'
import { webhookUrl } from './webhook-url.ts'

export interface AddressRules {
  /** Allows webhooks and chats in private networks, and http to them. */
  readonly allowPrivate?: boolean
}

/** Characters; it is stored and sent with each notification. */
const longest = 2048

/** White space and invisible characters around an address, which come with copying. */
const around = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu

const byChannel: Readonly<
  Record<ChannelName, (text: string, rules: AddressRules) => CheckedAddress>
> = {
  email: emailAddress,
  webhook: (text, { allowPrivate = false }) => webhookUrl(text, allowPrivate),
  telegram: telegramChat,
  chat: (text, { allowPrivate = false }) => chatUrl(text, allowPrivate),
  push: pushToken,
  sms: phoneNumber,
}

/**
 * The address in the form that the channel delivers to, where what was written is unambiguous. The one
 * check of each channel: for subscriptions, for a rule's addresses and for each delivery.
 */
export function checkAddress(
  channel: ChannelName,
  text: string,
  rules: AddressRules = {},
): CheckedAddress {
  const trimmed = text.replace(around, '').replace(/\p{Zs}/gu, ' ')
  if (trimmed === '') return { problem: 'is empty' }
  if (trimmed.length > longest) return { problem: `is longer than ${longest} characters` }
  const invisible = /[\p{C}\p{Zl}\p{Zp}]/u.exec(trimmed)?.[0]
  if (invisible !== undefined) {
    const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return { problem: `has an invisible character, U+${code}: type it anew` }
  }
  return byChannel[channel](trimmed, rules)
}

/** The outcome of a delivery to an address with this problem. */
export function undeliverable(problem: string): Delivery {
  return { outcome: 'permanent', reason: `the address ${problem}` }
}
