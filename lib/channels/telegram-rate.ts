import type { RateKey, TakeSlot } from './rate-limit.ts'

export type ChatKind = 'person' | 'group'

/** Messages a second to one chat of each kind. */
export type ChatRates = Readonly<Record<ChatKind, number>>

/**
 * Messages a second that Telegram takes to a group or a channel, 20 a minute (Bots FAQ, "My bot is hitting
 * limits"). The limit of the whole bot is the tenant's `deliveriesPerSecond`.
 */
export const groupRate = 20 / 60

/** A group's id is negative, and a channel has a name. */
export function chatKind(address: string): ChatKind {
  return /^[-@]/.test(address) ? 'group' : 'person'
}

/** A slot of the chat and one of the tenant, the later of both; none of the tenant if the chat has none. */
export async function takeChatSlot(
  { tenant, channel, address }: RateKey & { readonly address: string },
  slots: { readonly chats: Readonly<Record<ChatKind, TakeSlot>>; readonly tenant: TakeSlot },
): Promise<number | undefined> {
  const ofChat = await slots.chats[chatKind(address)]({ tenant, channel, chat: address })
  if (ofChat === undefined) return undefined
  const ofTenant = await slots.tenant({ tenant, channel })
  return ofTenant === undefined ? undefined : Math.max(ofChat, ofTenant)
}
