import { createTransport, type NodemailerError, type Transporter } from 'nodemailer'
import { EcosError } from '../errors.ts'
import type { Delivery } from './channel.ts'
import type { SendMail } from './email.ts'

/** Milliseconds. All below the 30 seconds of a queue-fed function. */
const timeouts = {
  dnsTimeout: 3_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: 10_000,
  // A container is frozen between batches, and servers close what is idle.
  idleTimeout: 30_000,
}

/** Milliseconds for one mail, the wait for a free connection included: a server may also trickle. */
const sendTimeout = 20_000

/** SMTP replies that ask for other credentials (RFC 4954, section 6): ours to repair, not the mail's. */
const credentialReplies: readonly (number | undefined)[] = [530, 534, 535, 538]

/** Pools at a time: servers of tenants' own, and the one before a rotation. */
const mostPools = 10

/**
 * Mail over a pool of SMTP connections for each server.
 *
 * @param urlOf asked before each mail: `smtp://` or `smtps://` with user and password. A new one,
 *   after a rotation, gets a new pool. nodemailer's settings may follow as a query: `?requireTLS=true`
 */
export function createSmtp(urlOf: (tenant: string) => Promise<string>): SendMail {
  const pools = new Map<string, Transporter>()

  const poolOf = (url: string): Transporter => {
    const pool = pools.get(url) ?? openPool(url)
    // The last used stands last.
    pools.delete(url)
    pools.set(url, pool)
    const [oldest] = pools.keys()
    if (pools.size > mostPools && oldest !== undefined) {
      // What it is sending is sent to its end; what waits in it fails, and is tried again.
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

/** @throws EcosError `smtp-url`, without the URL, since a password stands in it */
function openPool(url: string): Transporter {
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
    throw new EcosError('smtp-url', 'The SMTP secret is not a URL smtp://… or smtps://…')
  }
  return createTransport({ ...timeouts, pool: true, url })
}

/**
 * Permanent is only what the server says of this recipient or of this content. Everything else, the
 * sender's address and credentials too, is ours or the server's to repair: the same mail may pass
 * then. The reason holds codes alone, since a server's text often repeats the address.
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
