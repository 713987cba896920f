import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { late } from '../late.ts'
import { parseJson } from '../parse.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import { below } from './below.ts'
import type { Channel, Delivery } from './channel.ts'
import {
  createHttp,
  type HttpAnswer,
  type HttpClient,
  isTransient,
  noAnswer,
  post,
} from './http.ts'
import { telegramMessage } from './telegram-text.ts'

export interface TelegramOptions {
  /** https://api.telegram.org, or your own Bot API server. */
  readonly apiUrl: string
  /** The token of the tenant's bot, from BotFather. */
  tokenOf(tenant: string): Promise<string>
}

/** An answer of the Bot API (core.telegram.org/bots/api#making-requests). */
const answerSchema = late(() =>
  z.object({
    result: z.object({ message_id: z.number() }).optional(),
    parameters: z
      .object({
        retry_after: z.number().nonnegative().optional(),
        migrate_to_chat_id: z.number().optional(),
      })
      .optional(),
  }),
)

/** Posts each notification to a chat as a bot: the title in bold, the text, and its link as a button. */
export function createTelegramChannel(
  { apiUrl, tokenOf }: TelegramOptions,
  client: HttpClient = createHttp({}, false),
): Channel {
  return {
    async deliver(message) {
      const { tenant } = message
      const checked = checkAddress('telegram', message.address)
      if ('problem' in checked) return undeliverable(checked.problem)
      const url = sendMessageUrl(apiUrl, await tokenOf(tenant))
      const body = JSON.stringify({ chat_id: checked.address, ...telegramMessage(message) })
      try {
        const headers = { 'content-type': 'application/json' }
        return deliveryOf(await post(url, headers, body, client))
      } catch (error) {
        return noAnswer(error)
      }
    },
  }
}

/** @throws EcosError `telegram-token`, without the token, which must not change the URL's path */
function sendMessageUrl(apiUrl: string, token: string): URL {
  if (/^\d+:[\w-]+$/.test(token)) return below(apiUrl, `bot${token}/sendMessage`)
  throw new EcosError('telegram-token', 'The Telegram secret is not a token <digits>:<letters>')
}

/**
 * A rejected token (401, 404) is for the operator to repair, so it is retried. A person who blocked the
 * bot, a group that removed it (403) and a group that was migrated to a new id are gone for good.
 */
function deliveryOf({ status, body, retryAfterSeconds }: HttpAnswer): Delivery {
  const { result, parameters } = answerSchema.catch({}).parse(parseJson(body))
  const reason = `Telegram ${status}`
  if (status === 200) {
    return { outcome: 'sent', ...(result && { providerId: String(result.message_id) }) }
  }
  if (status === 403) return { outcome: 'gone', reason }
  if (parameters?.migrate_to_chat_id !== undefined) {
    return { outcome: 'gone', reason: `${reason}: the group has a new id` }
  }
  if (status === 401 || status === 404 || isTransient(status)) {
    const wait = parameters?.retry_after ?? retryAfterSeconds
    return {
      outcome: 'transient',
      reason,
      ...(wait !== undefined && { retryAfterSeconds: wait }),
      ...(status === 429 && { isFlood: true }),
    }
  }
  return { outcome: 'permanent', reason }
}
