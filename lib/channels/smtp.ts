import { createTransport, type NodemailerError, type Transporter } from 'nodemailer'
import { EcosError } from '../errors.ts'
import type { Delivery } from './channel.ts'
import type { SendMail } from './email.ts'
import { type MailPhase, mailLimits, startPhases, watchPhases } from './smtp-phases.ts'
import { needsSmtpUtf8, offersSmtpUtf8 } from './smtp-utf8.ts'

/** Milliseconds: the phases' own limits (smtp-phases.ts) end whatever trickles. */
const timeouts = {
  dnsTimeout: 3_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: mailLimits.whole,
  // A container is frozen between batches, and servers close idle connections.
  idleTimeout: 30_000,
}

/** Connections for each server: every mail of a batch has its own, so that none waits for a slow one. */
const maxConnections = 10

/** SMTP replies about our credentials (RFC 4954, section 6), for the operator to repair. */
const credentialReplies: readonly (number | undefined)[] = [530, 534, 535, 538]

/**
 * Enhanced status codes of a mailbox that does not exist: unknown, malformed, moved, disabled (RFC 3463), of a
 * domain that takes no mail (RFC 7505). A domain that is not found may be our server's fault.
 */
const goneStatuses: readonly (string | undefined)[] = ['5.1.1', '5.1.3', '5.1.6', '5.1.10', '5.2.1']

/** The reason for an address that the mail server may not be given. */
const withoutUtf8 =
  'the address has letters other than ASCII before the @, and the mail server does not offer SMTPUTF8'

/** Open pools: one for each server of a tenant, and for URLs before a rotation. */
const maxPools = 10

/**
 * Sends mail through a pool of SMTP connections for each server.
 *
 * @param urlOf called before each mail: `smtp://` or `smtps://` with user and password. A rotated URL
 *   gets a new pool. nodemailer's settings may follow as a query: `?requireTLS=true`
 */
export function createSmtp(
  urlOf: (tenant: string) => Promise<string>,
  limits = mailLimits,
): SendMail {
  const pools = new Map<string, Transporter>()
  const offersUtf8 = new WeakMap<Transporter, boolean>()

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
    const url = await urlOf(tenant)
    const transporter = poolOf(url)
    const phases = startPhases(limits)
    try {
      if (needsSmtpUtf8(mail)) {
        const offered = offersUtf8.get(transporter) ?? (await offersSmtpUtf8(url, timeouts))
        offersUtf8.set(transporter, offered)
        if (!offered) return { outcome: 'permanent', reason: withoutUtf8 }
      }
      const { signal } = phases
      const { response } = await transporter.sendMail({ ...mail, signal })
      return { outcome: 'sent', providerId: String(response).slice(0, 200) }
    } catch (error) {
      return failureOf(error as NodemailerError, phases.current())
    } finally {
      phases.end()
    }
  }
}

/** @throws EcosError `smtp-url`, without the URL, which contains a password */
function openPool(url: string): Transporter {
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
    throw new EcosError('smtp-url', 'The SMTP secret is not a URL smtp://… or smtps://…')
  }
  return watchPhases(createTransport({ ...timeouts, maxConnections, pool: true, url }))
}

/**
 * A mailbox that does not exist is gone; any other refusal of this recipient or this content is permanent. Other failures, for instance of the
 * sender's address or credentials, can be repaired, and then the same mail may pass. The reason
 * contains only codes, since a server's text often repeats the address.
 */
function failureOf(error: NodemailerError, phase: MailPhase): Delivery {
  const { code = 'unknown error', command, responseCode, response, permanent } = error
  if (responseCode === undefined) {
    if (phase === 'answer') {
      return { outcome: 'unknown', reason: `no answer to the mail's content: ${code}` }
    }
    const refusedHere = code === 'EENVELOPE' || code === 'EMESSAGE'
    return { outcome: refusedHere ? 'permanent' : 'transient', reason: code }
  }
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
  const reason = ['SMTP', responseCode, enhanced, command && `to ${command}`]
  const says = reason.filter(Boolean).join(' ')
  if (command === 'RCPT TO' && goneStatuses.includes(enhanced)) {
    return { outcome: 'gone', reason: says }
  }
  const ofThisMail = command === 'RCPT TO' || command === 'DATA'
  const outcome =
    permanent && ofThisMail && !credentialReplies.includes(responseCode) ? 'permanent' : 'transient'
  return { outcome, reason: says }
}
