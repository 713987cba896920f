import { Webhook } from 'standardwebhooks'
import { endpointKey } from '../../lib/channels/endpoint-key.ts'
import { parseJson } from '../../lib/parse.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { type Server, serve } from './server.ts'

export type WebhookPayload = { type: string; timestamp: string; data: Record<string, unknown> }

/** A request with a valid signature; `body` as it came. */
export type WebhookPost = { id: string; path: string; payload: WebhookPayload; body: string }

export type WebhookReceiver = Server & {
  /** Oldest first. */
  received: WebhookPost[]
  mailbox: Mailbox<WebhookPost>
}

/** Rotations that the endpoint knows the keys of. */
const generations = [1, 2, 3, 4, 5]

/**
 * An endpoint as a tenant would write one: it answers 401 to a request without a valid signature. It knows
 * the key of each of its paths.
 *
 * @param secret the tenants' own
 */
export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const mailbox = createMailbox<WebhookPost>()
  const { received } = mailbox
  const server: Server = await serve(({ path, headers, body }) => {
    const payload = parseJson(body) as WebhookPayload | undefined
    const { pathname } = new URL(path, server.url)
    const isSigned = generations.some((generation) => {
      const tenant = String(payload?.data?.['tenant'])
      const key = endpointKey(secret, tenant, server.url + pathname, generation)
      return isValid(new Webhook(key), body, headers as Record<string, string>)
    })
    if (!payload || !isSigned) return { status: 401 }
    mailbox.add({ id: String(headers['webhook-id']), path, payload, body }, body.length)
    return { status: 204 }
  }, received)
  return { ...server, received, mailbox }
}

function isValid(webhook: Webhook, body: string, headers: Record<string, string>): boolean {
  try {
    webhook.verify(body, headers)
    return true
  } catch {
    return false
  }
}
