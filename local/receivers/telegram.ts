import { createMailbox, type Mailbox } from './mailbox.ts'
import { json, type Server, serve } from './server.ts'

export type TelegramMessage = {
  chat_id: string
  text: string
  parse_mode?: string
  reply_markup?: { inline_keyboard: { text: string; url: string }[][] }
}

export type Telegram = Server & {
  received: TelegramMessage[]
  mailbox: Mailbox<TelegramMessage>
  /** Chats in which the person has blocked the bot, and chats that do not exist. */
  blocked: Set<string>
  unknown: Set<string>
  /** The new ids of groups that became supergroups, by old id. */
  migrated: Map<string, number>
  /** `retry_after` of the next answer, in seconds; 0: none. It applies once. */
  flood: { seconds: number }
}

/** Starts a Telegram with one bot: it answers sendMessage as the Bot API does. */
export async function startTelegram(token: string): Promise<Telegram> {
  const mailbox = createMailbox<TelegramMessage>()
  const { received } = mailbox
  const blocked = new Set<string>()
  const unknown = new Set<string>()
  const migrated = new Map<string, number>()
  const flood = { seconds: 0 }
  const server = await serve(({ path, body }) => {
    if (path !== `/bot${token}/sendMessage`) return refusal(401, 'Unauthorized')
    const message: TelegramMessage = JSON.parse(body)
    const { chat_id: chat, text } = message
    if (flood.seconds > 0) {
      const retry_after = flood.seconds
      flood.seconds = 0
      return refusal(429, `Too Many Requests: retry after ${retry_after}`, { retry_after })
    }
    if (blocked.has(chat)) return refusal(403, 'Forbidden: bot was blocked by the user')
    if (unknown.has(chat)) return refusal(400, 'Bad Request: chat not found')
    const migrate_to_chat_id = migrated.get(chat)
    if (migrate_to_chat_id !== undefined) {
      const problem = 'Bad Request: group chat was upgraded to a supergroup chat'
      return refusal(400, problem, { migrate_to_chat_id })
    }
    const problem = textProblem(text)
    if (problem !== undefined) return refusal(400, `Bad Request: ${problem}`)
    mailbox.add(message, body.length)
    return json(200, { ok: true, result: { message_id: mailbox.total(), text } })
  }, received)
  return { ...server, received, mailbox, blocked, unknown, migrated, flood }
}

function refusal(status: number, description: string, parameters?: object) {
  return json(status, { ok: false, error_code: status, description, parameters })
}

/** Checks the text as Telegram's HTML: <b> is the only tag here, and <, > and & have to be escaped. */
function textProblem(text: string): string | undefined {
  const plain = text.replaceAll(/<\/?b>/g, '')
  if (/[<>]|&(?!(amp|lt|gt);)/.test(plain)) return "can't parse entities"
  const read = plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  if (read.trim() === '') return 'message text is empty'
  return read.length > 4096 ? 'message is too long' : undefined
}
