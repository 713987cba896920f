import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { jwtVerify } from 'jose'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { type Answer, json, type Server, serve } from './server.ts'

export type PushMessage = {
  token: string
  notification: { title: string; body: string }
  data: Record<string, string>
}

export type Firebase = Server & {
  received: PushMessage[]
  mailbox: Mailbox<PushMessage>
  /** The key file of the project's service account. */
  serviceAccount: string
  /** Registration tokens of uninstalled apps, and of other projects' apps. */
  unregistered: Set<string>
  foreign: Set<string>
  /** Answers to the next messages, in this order. */
  next: Answer[]
  /** Number of access tokens issued. */
  given(): number
  /** Invalidates the access tokens issued so far. */
  revoke(): void
}

/** Generated once, as it takes a moment. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Starts a Firebase project: Google's token endpoint and FCM's HTTP v1 API. */
export async function startFirebase(project = 'demo'): Promise<Firebase> {
  const client_email = `sender@${project}.example`
  const tokens: string[] = []
  const valid = new Set<string>()
  const mailbox = createMailbox<PushMessage>()
  const { received } = mailbox
  const [unregistered, foreign] = [new Set<string>(), new Set<string>()]
  const next: Answer[] = []

  const server = await serve(async ({ path, headers, body }) => {
    if (path === '/token') return giveToken(body)
    if (path !== `/v1/projects/${project}/messages:send`) return refusal(404, 'NOT_FOUND')
    if (!valid.has(headers.authorization ?? '')) return refusal(401, 'UNAUTHENTICATED')
    const answer = next.shift()
    if (answer) return answer
    const message: PushMessage = JSON.parse(body).message
    if (unregistered.has(message.token)) return refusal(404, 'NOT_FOUND', 'UNREGISTERED')
    if (foreign.has(message.token)) return refusal(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH')
    if (!isTaken(message)) return refusal(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT')
    mailbox.add(message, body.length)
    return json(200, { name: `projects/${project}/messages/${mailbox.total()}` })
  }, received)

  async function giveToken(body: string): Promise<Answer> {
    const form = new URLSearchParams(body)
    try {
      await jwtVerify(form.get('assertion') ?? '', publicKey, {
        issuer: client_email,
        audience: `${server.url}/token`,
        requiredClaims: ['iat', 'exp', 'scope'],
      })
    } catch {
      return json(400, { error: 'invalid_grant' })
    }
    const access_token = randomUUID()
    tokens.push(access_token)
    valid.add(`Bearer ${access_token}`)
    return json(200, { access_token, expires_in: 3600, token_type: 'Bearer' })
  }

  const serviceAccount = JSON.stringify({
    type: 'service_account',
    project_id: project,
    client_email,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${server.url}/token`,
  })
  const given = () => tokens.length
  const revoke = () => valid.clear()
  const lists = { unregistered, foreign, next }
  return { ...server, received, mailbox, serviceAccount, ...lists, given, revoke }
}

export function refusal(
  status: number,
  code: string,
  errorCode?: string,
  headers?: Record<string, string>,
): Answer {
  const type = 'type.googleapis.com/google.firebase.fcm.v1.FcmError'
  const details = errorCode === undefined ? [] : [{ '@type': type, errorCode }]
  return json(status, { error: { code: status, status: code, details } }, headers)
}

/** FCM's limits: at most 4096 bytes, data values are strings, and no reserved key. */
function isTaken({ token, notification, data }: PushMessage): boolean {
  const texts = [...Object.entries(data), ...Object.entries(notification)]
  const bytes = texts.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0)
  return (
    token !== '' &&
    bytes <= 4096 &&
    texts.every(([, value]) => typeof value === 'string') &&
    !Object.keys(data).some((key) => /^(from$|message_type$|google|gcm)/.test(key))
  )
}
