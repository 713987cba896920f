import { Webhook } from 'standardwebhooks'
import { EcosError } from '../errors.ts'
import { traceOf } from '../events/trace.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import type { Channel, Delivery } from './channel.ts'
import { endpointOf, type KeyGeneration, signingKeys } from './endpoint-key.ts'
import { guardedLookup } from './guarded-lookup.ts'
import { createHttp, type HttpAnswer, type HttpClient, networkFailure, post } from './http.ts'
import { webhookPayload } from './webhook-payload.ts'

/** Milliseconds: Standard Webhooks recommends 15 to 30 seconds, and a sender has 30 in all. */
const answerTimeout = 15_000

export interface WebhookOptions {
  /** The tenant's secret, `whsec_…`, of which the endpoints' keys are made (endpoint-key.ts). */
  secretOf(tenant: string): Promise<string>
  /** How often the endpoint's key was rotated. */
  generationOf(tenant: string, endpoint: string): Promise<KeyGeneration>
  /** Allows `http:` and private networks, for a local machine. */
  readonly allowPrivate: boolean
}

/** Posts each notification to an endpoint, signed by the Standard Webhooks specification. */
export function createWebhookChannel(
  { secretOf, generationOf, allowPrivate }: WebhookOptions,
  client: HttpClient = createHttp(allowPrivate ? {} : { lookup: guardedLookup() }),
): Channel {
  return {
    async deliver(message) {
      const checked = checkAddress('webhook', message.address, { allowPrivate })
      if ('problem' in checked) return undeliverable(checked.problem)
      const { tenant, notificationId } = message
      const endpoint = endpointOf(checked.address)
      const generation = await generationOf(tenant, endpoint)
      const secrets = await secretOf(tenant)
      const keys = signingKeys(secrets, tenant, endpoint, generation, new Date())
      const body = JSON.stringify(webhookPayload(message, new Date()))
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'ecos-eventbridge',
        ...traceOf(message),
        ...signed(notificationId, body, keys),
      }
      try {
        return deliveryOf(
          await post(new URL(checked.address), headers, body, client, answerTimeout),
        )
      } catch (error) {
        if (!(error instanceof EcosError)) return networkFailure(error)
        return undeliverable('has a host that is not public')
      }
    },
  }
}

/**
 * The id is the notification's, so that an endpoint can tell a repeated delivery from another
 * notification. One signature for each key.
 */
function signed(id: string, body: string, keys: readonly string[]): Record<string, string> {
  const now = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': keys.map((key) => new Webhook(key).sign(id, now, body)).join(' '),
  }
}

/**
 * As Standard Webhooks says: every answer but 2xx is a failure to retry, and 410 alone asks for no more.
 * A redirect is not followed, and would be answered again.
 */
function deliveryOf({ status, retryAfterSeconds }: HttpAnswer): Delivery {
  const reason = `HTTP ${status}`
  if (status >= 200 && status < 300) return { outcome: 'sent' }
  if (status === 410) return { outcome: 'gone', reason }
  if (status < 400) return { outcome: 'permanent', reason }
  return {
    outcome: 'transient',
    reason,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  }
}
