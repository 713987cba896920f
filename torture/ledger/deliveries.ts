import { markIn } from '../plan/marks.ts'
import type { Channel } from '../plan/people.ts'
import type { World } from '../world/world.ts'

/** A notification as it came out. */
export interface Arrival {
  readonly mark: string
  readonly channel: Channel
  readonly address: string
  /** By which the receiver drops a second copy: a mail's Message-ID, or a webhook's id. */
  readonly id?: string
}

/** Everything that the mail server and the receivers have got. */
export async function readArrivals({ mailbox, hooks, stack }: World): Promise<Arrival[]> {
  const { telegramUrl, firebaseUrl } = stack.receivers
  const chats = await read<{ chat_id: string; text: string }[]>(telegramUrl)
  const pushes = await read<{ token: string; notification: object }[]>(firebaseUrl)
  const texts = await read<{ sms_messages: Record<string, { Message: string }[]> }>(
    `${stack.parts.awsEndpoint}/_ministack/sns/sms-messages`,
  )
  const mails = mailbox.received.flatMap(({ to, text, messageId: id }) =>
    to.map((address) => ({ mark: markIn(text), channel: 'email' as const, address, id })),
  )
  const posts = hooks.received.map(({ address, text, notificationId: id }) => ({
    ...{ mark: markIn(text), channel: 'webhook' as const, address, id },
  }))
  const messages = chats.map(({ chat_id, text }) => ({
    ...{ mark: markIn(text), channel: 'telegram' as const, address: String(chat_id) },
  }))
  const pushed = pushes.map(({ token, notification }) => ({
    ...{ mark: markIn(JSON.stringify(notification)), channel: 'push' as const, address: token },
  }))
  const texted = Object.entries(texts.sms_messages).flatMap(([address, some]) =>
    some.map(({ Message }) => ({ mark: markIn(Message), channel: 'sms' as const, address })),
  )
  return [...mails, ...posts, ...messages, ...pushed, ...texted]
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url)
  return (await response.json()) as T
}
