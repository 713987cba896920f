import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { EcosError } from '../errors.ts'
import { parseJson } from '../parse.ts'
import { cut } from '../text.ts'
import type { Channel, Delivery } from './channel.ts'
import { createHttp, type HttpAnswer, isTransient, networkFailure, post } from './http.ts'

export interface TelegramOptions {
  /** Where the Bot API is: https://api.telegram.org, or a Bot API server of one's own. */
  readonly apiUrl: string
  /** The token of the tenant's bot, as BotFather gave it. */
  tokenOf(tenant: string): Promise<string>
}

/** UTF-16 code units of a message, markup not counted (Bot API, sendMessage and Formatting options). */
const longestText = 4096

/** A chat's number, or the name of a public channel. */
const chatId = /^(-?\d{1,19}|@[A-Za-z0-9_]{1,64})$/

/** What the Bot API answers (core.telegram.org/bots/api#making-requests). */
const answerSchema = z.object({
  result: z.object({ message_id: z.number() }).optional(),
  parameters: z
    .object({
      retry_after: z.number().nonnegative().optional(),
      migrate_to_chat_id: z.number().optional(),
    })
    .optional(),
})

/** Says each notification as a bot in a chat: the title in bold, then the text. */
export function createTelegramChannel(
  { apiUrl, tokenOf }: TelegramOptions,
  dispatcher: Dispatcher = createHttp(),
): Channel {
  return {
    async deliver({ tenant, address, title, text }) {
      if (!chatId.test(address)) return { outcome: 'permanent', reason: 'invalid address' }
      const url = sendMessageUrl(apiUrl, await tokenOf(tenant))
      const body = JSON.stringify({
        chat_id: address,
        text: markedUp(title, text),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      })
      try {
        const headers = { 'content-type': 'application/json' }
        return deliveryOf(await post(url, headers, body, dispatcher))
      } catch (error) {
        return networkFailure(error)
      }
    },
  }
}

/** @throws EcosError `telegram-token`, without the token: another text would be another path */
function sendMessageUrl(apiUrl: string, token: string): URL {
  if (/^\d+:[\w-]+$/.test(token)) return new URL(`/bot${token}/sendMessage`, apiUrl)
  throw new EcosError('telegram-token', 'The Telegram secret is not a token <digits>:<letters>')
}

function markedUp(title: string, text: string): string {
  const rest = cut(text.trim(), longestText - title.length - 2)
  return `<b>${escaped(title)}</b>\n\n${escaped(rest)}`
}

/** All that must be escaped in the HTML of the Bot API. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * Of our own token (401, 404) we are to repair what is wrong, so it is tried again. A bot that the
 * person blocked or that was put out of a group (403), and a group that has become another (its id
 * is a new one), will never be reached by this address.
 */
function deliveryOf({ status, body, retryAfterSeconds }: HttpAnswer): Delivery {
  const { result, parameters } = answerSchema.catch({}).parse(parseJson(body))
  const reason = `Telegram ${status}`
  if (status === 200) {
    return { outcome: 'sent', ...(result && { providerId: String(result.message_id) }) }
  }
  if (status === 403) return { outcome: 'gone', reason }
  if (parameters?.migrate_to_chat_id !== undefined) {
    return { outcome: 'gone', reason: `${reason}: the group has another id now` }
  }
  if (status === 401 || status === 404 || isTransient(status)) {
    const wait = parameters?.retry_after ?? retryAfterSeconds
    return {
      outcome: 'transient',
      reason,
      ...(wait !== undefined && { retryAfterSeconds: wait }),
    }
  }
  return { outcome: 'permanent', reason }
}
