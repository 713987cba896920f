import * as z from 'zod'
import { late } from '../late.ts'
import { parseJson } from '../parse.ts'
import { checkAddress, undeliverable } from './addresses/address.ts'
import { below } from './below.ts'
import type { Channel, Delivery } from './channel.ts'
import { createGoogleTokens, parseServiceAccount, type ServiceAccount } from './google-token.ts'
import { createHttp, type HttpAnswer, type HttpClient, networkFailure, post } from './http.ts'
import { pushMessage } from './push-message.ts'

export interface PushOptions {
  /** The API of Firebase Cloud Messaging: https://fcm.googleapis.com */
  readonly apiUrl: string
  /** The JSON key file of a service account of the tenant's Firebase project. */
  accountOf(tenant: string): Promise<string>
}

/** Milliseconds for one call; a delivery makes up to four: a token and a message, both at most twice. */
const callTimeout = 5_000

const scope = 'https://www.googleapis.com/auth/firebase.messaging'

/** Seconds to wait if FCM names none (its documentation, Best practices for sending at scale). */
const quotaWait = 60

const errorAnswer = late(() =>
  z.object({
    error: z.object({
      status: z.string().optional(),
      details: z.array(z.object({ errorCode: z.string().optional() })).default([]),
    }),
  }),
)

/** Sends each notification to a device: the address is its registration token. */
export function createPushChannel(
  { apiUrl, accountOf }: PushOptions,
  client: HttpClient = createHttp(),
): Channel {
  const tokens = createGoogleTokens(scope, client, callTimeout)

  async function send(account: ServiceAccount, body: string): Promise<HttpAnswer> {
    const url = below(apiUrl, `v1/projects/${account.project_id}/messages:send`)
    const headers = {
      authorization: `Bearer ${await tokens.tokenFor(account)}`,
      'content-type': 'application/json',
    }
    return post(url, headers, body, client, callTimeout)
  }

  return {
    async deliver(notification) {
      const checked = checkAddress('push', notification.address)
      if ('problem' in checked) return undeliverable(checked.problem)
      const account = parseServiceAccount(await accountOf(notification.tenant))
      const message = pushMessage({ ...notification, address: checked.address })
      if (message === undefined) return { outcome: 'permanent', reason: 'custom data too large' }
      const body = JSON.stringify({ message })
      try {
        let answer = await send(account, body)
        if (answer.status === 401) {
          // The token may have been revoked: try once more with a new one.
          tokens.forget(account)
          answer = await send(account, body)
        }
        return deliveryOf(answer)
      } catch (error) {
        return networkFailure(error)
      }
    },
  }
}

/**
 * Decides by FCM's own error code, or else by the general status (reference, ErrorCode). Errors about
 * the project, its credentials or its permissions are for the operator to repair, so they are retried.
 */
function deliveryOf({ status, body, retryAfterSeconds }: HttpAnswer): Delivery {
  const answer = parseJson(body)
  if (status === 200) {
    const { data } = z.object({ name: z.string() }).safeParse(answer)
    return { outcome: 'sent', ...(data && { providerId: data.name }) }
  }
  const { data } = errorAnswer.safeParse(answer)
  const own = data?.error.details.find(({ errorCode }) => errorCode !== undefined)?.errorCode
  const code = own ?? data?.error.status ?? ''
  const reason = `FCM ${status} ${code}`.trim()
  switch (code) {
    case 'UNREGISTERED':
      return { outcome: 'gone', reason }
    case 'INVALID_ARGUMENT':
    case 'SENDER_ID_MISMATCH':
      return { outcome: 'permanent', reason }
    default: {
      const wait = retryAfterSeconds ?? (status === 429 ? quotaWait : undefined)
      return {
        outcome: 'transient',
        reason,
        ...(wait !== undefined && { retryAfterSeconds: wait }),
      }
    }
  }
}
