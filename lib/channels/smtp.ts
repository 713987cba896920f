import { createTransport, type NodemailerError, type Transporter } from 'nodemailer'
import { EcosError } from '../errors.ts'
import type { Delivery } from './channel.ts'
import type { SendMail } from './email.ts'

/** Milliseconds. All below the 30 seconds of a queue-fed function. */
const timeouts = {
  dnsTimeout: 3_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  // Also the wait for the answer to the mail's end, where a server takes its time (RFC 5321, section
  // 4.5.3.2.6): giving up there would send the mail again.
  socketTimeout: 20_000,
  // A container is frozen between batches, and servers close idle connections.
  idleTimeout: 30_000,
}

/** Milliseconds for one mail, including the wait for a free connection: a server may also trickle. */
const sendTimeout = 21_000

/** SMTP replies about our credentials (RFC 4954, section 6), for the operator to repair. */
const credentialReplies: readonly (number | undefined)[] = [530, 534, 535, 538]

/** Open pools: one for each server of a tenant, and for URLs before a rotation. */
const maxPools = 10

/**
 * Sends mail through a pool of SMTP connections for each server.
 *
 * @param urlOf called before each mail: `smtp://` or `smtps://` with user and password. A rotated URL
 *   gets a new pool. nodemailer's settings may follow as a query: `?requireTLS=true`
 */
export function createSmtp(urlOf: (tenant: string) => Promise<string>): SendMail {
  const pools = new Map<string, Transporter>()

  const poolOf = (url: string): Transporter => {
    const pool = pools.get(url) ?? openPool(url)
    // Reinsert: a Map keeps insertion order, so the first is the least recently used.
    pools.delete(url)
    pools.set(url, pool)
    const [oldest] = pools.keys()
    if (pools.size > maxPools && oldest !== undefined) {
      // Mails being sent are completed; those still waiting in the pool fail and are tried again.
      pools.get(oldest)?.close()
      pools.delete(oldest)
    }
    return pool
  }
  return async (mail, tenant) => {
    const transporter = poolOf(await urlOf(tenant))
    try {
      const signal = AbortSignal.timeout(sendTimeout)
      const { response } = await transporter.sendMail({ ...mail, signal })
      return { outcome: 'sent', providerId: String(response).slice(0, 200) }
    } catch (error) {
      return failureOf(error as NodemailerError)
    }
  }
}

/** @throws EcosError `smtp-url`, without the URL, which contains a password */
function openPool(url: string): Transporter {
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
    throw new EcosError('smtp-url', 'The SMTP secret is not a URL smtp://… or smtps://…')
  }
  return createTransport({ ...timeouts, pool: true, url })
}

/**
 * Only a refusal of this recipient or this content is permanent. Other failures, for instance of the
 * sender's address or credentials, can be repaired, and then the same mail may pass. The reason
 * contains only codes, since a server's text often repeats the address.
 */
function failureOf(error: NodemailerError): Delivery {
  const { code, command, responseCode, response, permanent } = error
  if (responseCode === undefined) {
    const refusedHere = code === 'EENVELOPE' || code === 'EMESSAGE'
    return { outcome: refusedHere ? 'permanent' : 'transient', reason: code ?? 'unknown error' }
  }
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
  const reason = ['SMTP', responseCode, enhanced, command && `to ${command}`]
  const ofThisMail = command === 'RCPT TO' || command === 'DATA'
  const outcome =
    permanent && ofThisMail && !credentialReplies.includes(responseCode) ? 'permanent' : 'transient'
  return { outcome, reason: reason.filter(Boolean).join(' ') }
}
