import { importPKCS8, SignJWT } from 'jose'
import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { late } from '../late.ts'
import { parseJson } from '../parse.ts'
import { type HttpClient, post } from './http.ts'

/** The fields that we need of a Google service account's key file. */
const serviceAccount = late(() =>
  z.object({
    project_id: z.string().regex(/^[a-z0-9:.-]+$/),
    client_email: z.string().min(1),
    private_key: z.string().min(1),
    token_uri: z.url(),
  }),
)
export type ServiceAccount = z.infer<typeof serviceAccount>

/** @throws EcosError `service-account`, without quoting the secret */
export function parseServiceAccount(text: string): ServiceAccount {
  const parsed = serviceAccount.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new EcosError('service-account', "The push secret is not a service account's key file")
}

const answer = late(() => z.object({ access_token: z.string(), expires_in: z.number() }))

/** Milliseconds before its expiry at which a token is no longer used. */
const margin = 60_000

export interface GoogleTokens {
  /**
   * An access token, cached until it expires.
   *
   * @throws EcosError `google-token` if Google issues none
   */
  tokenFor(account: ServiceAccount): Promise<string>
  /** Drops the cached token, which was refused. */
  forget(account: ServiceAccount): void
}

/** @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
export function createGoogleTokens(
  scope: string,
  client: HttpClient,
  timeout: number,
): GoogleTokens {
  const cache = new Map<string, { readonly token: Promise<string>; endsAt: number }>()

  async function request(account: ServiceAccount): Promise<string> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await assertionOf(account, scope),
    })
    const requestedAt = Date.now()
    const url = new URL(account.token_uri)
    const { status, body } = await post(url, headers, String(form), client, timeout)
    const parsed = answer.safeParse(parseJson(body))
    if (status !== 200 || !parsed.success) {
      throw new EcosError('google-token', `Google issued no token: HTTP ${status}`, {
        retryable: true,
      })
    }
    const entry = cache.get(account.private_key)
    if (entry) entry.endsAt = requestedAt + parsed.data.expires_in * 1000 - margin
    return parsed.data.access_token
  }

  return {
    tokenFor(account) {
      const entry = cache.get(account.private_key)
      if (entry && entry.endsAt > Date.now()) return entry.token
      const token = request(account)
      cache.set(account.private_key, { token, endsAt: Number.POSITIVE_INFINITY })
      token.catch(() => cache.delete(account.private_key))
      return token
    },
    forget: ({ private_key }) => cache.delete(private_key),
  }
}

async function assertionOf(account: ServiceAccount, scope: string): Promise<string> {
  const { client_email, private_key, token_uri } = account
  try {
    const key = await importPKCS8(private_key, 'RS256')
    return await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(client_email)
      .setAudience(token_uri)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key)
  } catch {
    throw new EcosError('service-account', 'The private key in the push secret is not an RSA key')
  }
}
