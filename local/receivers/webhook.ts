import { Webhook } from 'standardwebhooks'
import { type Server, serve } from './server.ts'

export type WebhookPayload = { type: string; timestamp: string; data: Record<string, unknown> }

export type WebhookReceiver = Server & {
  /** Requests with a valid signature, oldest first. */
  received: { id: string; path: string; payload: WebhookPayload }[]
}

/** An endpoint as a tenant would write one: it answers 401 to a request without a valid signature. */
export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const webhook = new Webhook(secret)
  const received: WebhookReceiver['received'] = []
  const server = await serve(({ path, headers, body }) => {
    try {
      const payload = webhook.verify(body, headers as Record<string, string>) as WebhookPayload
      received.push({ id: String(headers['webhook-id']), path, payload })
      return { status: 204 }
    } catch {
      return { status: 401 }
    }
  }, received)
  return { ...server, received }
}
