import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { late } from '../late.ts'
import { parseJson } from '../parse.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import { chatTarget } from './addresses/chat-url.ts'
import type { Channel, Delivery } from './channel.ts'
import { chatMessage } from './chat-text.ts'
import { guardedLookup } from './guarded-lookup.ts'
import {
  createHttp,
  type HttpAnswer,
  type HttpClient,
  isTransient,
  noAnswer,
  post,
} from './http.ts'

/** Errors that end an address: of Slack, which answers with the bare word, and of Mattermost. */
const goneErrors: ReadonlySet<string> = new Set([
  'no_service',
  'no_service_id',
  'no_active_hooks',
  'no_team',
  'team_disabled',
  'invalid_token',
  'channel_not_found',
  'channel_is_archived',
  'user_not_found',
  'web.incoming_webhook.invalid.app_error',
  'web.incoming_webhook.channel.app_error',
  'web.incoming_webhook.user.app_error',
])

const mattermostError = late(() => z.object({ id: z.string() }))

/**
 * Posts each notification to an incoming webhook of Slack, Mattermost, Rocket.Chat or another chat that takes
 * Slack's JSON. The URL is the credential: there is no secret beside it.
 *
 * @param allowPrivate allows `http:` and private networks
 */
export function createChatChannel(
  allowPrivate: boolean,
  // A chat does not recognise a second copy, so no connection is used twice: see `createHttp`.
  client: HttpClient = createHttp(allowPrivate ? {} : { lookup: guardedLookup() }, false),
): Channel {
  return {
    async deliver(message) {
      const checked = checkAddress('chat', message.address, { allowPrivate })
      if ('problem' in checked) return undeliverable(checked.problem)
      const { webhook, room } = chatTarget(checked.address)
      const headers = { 'content-type': 'application/json', 'user-agent': 'ecos-eventbridge' }
      const body = JSON.stringify(chatMessage(message, room))
      try {
        return deliveryOf(await post(webhook, headers, body, client))
      } catch (error) {
        if (!(error instanceof EcosError)) return noAnswer(error)
        return undeliverable('has a host that is not public')
      }
    },
  }
}

/**
 * A webhook that was removed and a room or person that does not exist are gone. Any other 4xx, as from a
 * proxy or a chat that does not accept webhooks for now, leaves the address as it is.
 */
function deliveryOf({ status, body, retryAfterSeconds }: HttpAnswer): Delivery {
  if (status >= 200 && status < 300) return { outcome: 'sent' }
  const error = goneError(body)
  const reason = ['HTTP', status, error].filter(Boolean).join(' ')
  if (status === 410 || error !== undefined) return { outcome: 'gone', reason }
  if (!isTransient(status)) return { outcome: 'permanent', reason }
  return {
    outcome: 'transient',
    reason,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(status === 429 && { isFlood: true }),
  }
}

function goneError(body: string): string | undefined {
  const { data } = mattermostError.safeParse(parseJson(body))
  const error = data?.id ?? body.trim()
  return goneErrors.has(error) ? error : undefined
}
