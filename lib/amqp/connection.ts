import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChannelModel, connect } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import { keepExactHeaders } from './exact-headers.ts'

/** Milliseconds to wait for the broker to answer a connection attempt. */
const connectTimeout = 5_000

/**
 * Seconds between heartbeats, unless the URL says otherwise: a broker that falls silent is noticed after
 * two to three of them. RabbitMQ advises 5 to 20: https://www.rabbitmq.com/docs/heartbeats
 */
const heartbeat = 10

/** Milliseconds for an orderly end. A broker that blocks the connection, or is gone, never answers. */
const closePatience = 2_000

/**
 * Opens a connection to RabbitMQ. With `amqps://` the broker's certificate is always verified.
 *
 * @param ca PEM of the only CAs to trust (default: those bundled with Node.js)
 * @throws EcosError `broker-unreachable`, or `broker-not-trusted` for a TLS problem that somebody has to
 *   fix; both name host and port and never the password
 */
export async function open(url: string, ca?: string): Promise<ChannelModel> {
  if (ca !== undefined && !url.startsWith('amqps:')) {
    throw notTrusted(url, 'a CA is set, but amqp:// has no TLS: use amqps://')
  }
  try {
    const connection = await connect(withHeartbeat(url), {
      timeout: connectTimeout,
      clientProperties: { connection_name: 'ecos-eventbridge' },
      ...(ca !== undefined && { ca }),
    })
    // An unhandled 'error' event would crash the process. Pending calls reject on their own.
    connection.on('error', () => undefined)
    keepExactHeaders(connection)
    return connection
  } catch (cause) {
    const advice = adviceFor(cause as TlsError)
    if (advice === undefined) {
      const message = `RabbitMQ at ${hostOf(url)} can't be reached: ${messageOf(cause)}`
      throw new EcosError('broker-unreachable', message, { cause, retryable: true })
    }
    throw notTrusted(url, advice, cause)
  }
}

function withHeartbeat(url: string): string {
  if (/[?&]heartbeat=/.test(url)) return url
  return `${url}${url.includes('?') ? '&' : '?'}heartbeat=${heartbeat}`
}

/**
 * Closes a connection in order, or cuts it when the time is up. Never rejects.
 *
 * @param before what to do on the connection first
 */
export async function endConnection(
  connection: ChannelModel,
  before: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const closing = before()
    .then(() => connection.close())
    .catch(() => undefined)
  await Promise.race([closing, sleep(closePatience, undefined, { ref: false })])
  // Amqplib leaves the socket open where no answer comes and, unless an error tells it, the timers of its heartbeat, which
  // keep the process for up to 20 s.
  const { stream } = connection.connection as unknown as { readonly stream: Duplex }
  stream.destroy(new Error('The connection was cut at its end'))
}

function notTrusted(url: string, advice: string, cause?: unknown): EcosError {
  const message = `RabbitMQ at ${hostOf(url)} is not trusted: ${advice}`
  return new EcosError('broker-not-trusted', message, { cause })
}

/** Node.js's error for a failed TLS handshake. */
interface TlsError extends Error {
  readonly code?: string
  /** OpenSSL's reason, without file names and line ends. */
  readonly reason?: string
}

/** What to do, by error code: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function adviceFor({ code = '', reason, message }: TlsError): string | undefined {
  switch (code) {
    case 'CERT_SIGNATURE_FAILURE':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `its certificate is not signed by a trusted CA (${code}): set the signing CA's certificate as AMQP_CA, or as ca in the secret`
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `its certificate, or its CA's, is expired or not yet valid (${code}): renew it`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is for another host (${message}): use a name in the certificate, or renew it for this host`
    default:
      if (!code.startsWith('ERR_SSL_')) return undefined
      return `TLS failed (${reason ?? code}): amqps:// is for the port of the broker that speaks TLS, usually 5671`
  }
}

export function hostOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed?.host || 'an invalid URL (expected amqp://user:password@host:port/vhost)'
}
