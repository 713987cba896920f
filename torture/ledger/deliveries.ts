import { markPattern } from '../plan/message.ts'
import type { Channel } from '../plan/people.ts'
import type { World } from '../world/world.ts'

/** A notification as it came out. */
export interface Arrival {
  readonly mark: string
  readonly channel: Channel
  readonly address: string
}

/** Everything that the mail server and the receivers have got. */
export async function readArrivals({ mailbox, hooks, stack }: World): Promise<Arrival[]> {
  const response = await fetch(stack.receivers.telegramUrl)
  const chats = (await response.json()) as { chat_id: string; text: string }[]
  const mails = mailbox.received.flatMap(({ to, text }) =>
    to.map((address) => ({ mark: markIn(text), channel: 'email' as const, address })),
  )
  const posts = hooks.received.map(({ address, text }) => ({
    ...{ mark: markIn(text), channel: 'webhook' as const, address },
  }))
  const messages = chats.map(({ chat_id, text }) => ({
    ...{ mark: markIn(text), channel: 'telegram' as const, address: String(chat_id) },
  }))
  return [...mails, ...posts, ...messages]
}

function markIn(text: string): string {
  return text.match(markPattern)?.[0] ?? 'unmarked'
}
