import { parseJson } from '../../lib/parse.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { json, type Server, serve } from './server.ts'

export type ChatMessage = {
  channel?: string
  attachments: {
    fallback: string
    title: string
    title_link?: string
    text: string
    mrkdwn_in: string[]
  }[]
}

/** A message with the path of its webhook. */
export type ChatPost = { path: string; message: ChatMessage }

export type Chat = Server & {
  /** Oldest first. */
  received: ChatPost[]
  mailbox: Mailbox<ChatPost>
  /** Paths of webhooks that were removed. */
  removed: Set<string>
  /** `Retry-After` of the next answer, in seconds; 0: none. It applies once. */
  flood: { seconds: number }
}

/** Starts a Slack in which each path is an incoming webhook: it answers as Slack's API does. */
export async function startChat(): Promise<Chat> {
  const mailbox = createMailbox<ChatPost>()
  const { received } = mailbox
  const removed = new Set<string>()
  const flood = { seconds: 0 }
  const server = await serve(({ path, body }) => {
    if (flood.seconds > 0) {
      const { seconds } = flood
      flood.seconds = 0
      return json(429, { ok: false, error: 'rate_limited' }, { 'retry-after': String(seconds) })
    }
    if (removed.has(path)) return { status: 404, body: 'no_service' }
    const message = parseJson(body) as ChatMessage | undefined
    if (!message || message.attachments.some(isMarkup)) {
      return { status: 400, body: 'invalid_payload' }
    }
    mailbox.add({ path, message }, body.length)
    return { status: 200, body: 'ok' }
  }, received)
  return { ...server, received, mailbox, removed, flood }
}

/** Slack takes any text; here it has to be escaped, so that a person's text never becomes a link or a call. */
function isMarkup({ fallback, title, text }: ChatMessage['attachments'][number]): boolean {
  return /[<>]|&(?!(amp|lt|gt);)/.test(fallback + title + text)
}
