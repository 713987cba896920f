import {
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { EcosError } from '../errors.ts'
import type { Delivery } from './channel.ts'

/** Milliseconds, well below the 30 seconds of a queue-fed function. */
const defaultConnectTimeout = 3_000
const wholeTimeout = 10_000

/** Milliseconds after which an idle connection is closed: servers close theirs soon, too. */
const idleTimeout = 4_000

/** Bytes of an answer that are read: providers send less, and an endpoint may trickle for ever. */
const maxBytes = 16 * 1024

export interface HttpAnswer {
  readonly status: number
  /** The part of the answer that was read, as UTF-8. */
  readonly body: string
  /** From the header Retry-After. */
  readonly retryAfterSeconds?: number
}

export interface ConnectOptions {
  /** Milliseconds until a connection is made, with its TLS handshake. */
  readonly connectTimeout?: number
  readonly lookup?: LookupFunction
}

/** A client of Node's own HTTP, which every function loads with the AWS SDK. It follows no redirect. */
export interface HttpClient {
  readonly connectTimeout: number
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent }
  /** Closes its connections. */
  close(): void
}

/**
 * @param isKept whether it keeps its connections for later deliveries. The server may close a kept one just
 *   as a request is sent over it, and then nobody knows whether it arrived
 */
export function createHttp(
  { connectTimeout = defaultConnectTimeout, lookup }: ConnectOptions = {},
  isKept = true,
): HttpClient {
  const options = { keepAlive: isKept, timeout: idleTimeout, ...(lookup && { lookup }) }
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) }
  return {
    connectTimeout,
    agents,
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** Errors of requests that a connection had begun to send. */
const begun = new WeakSet<object>()

/**
 * @param timeout milliseconds for the whole call
 * @throws Node's error if there is no answer: see `networkFailure` and `noAnswer`
 */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  client: HttpClient,
  timeout = wholeTimeout,
): Promise<HttpAnswer> {
  const bytes = Buffer.from(body)
  const signal = AbortSignal.timeout(timeout)
  const answer = await send(
    url,
    { method: 'POST', headers: { ...headers, 'content-length': bytes.length }, signal },
    bytes,
    client,
  ).catch((error: unknown) => {
    // Node's own error says only that there was a signal.
    const cause = signal.aborted ? signal.reason : error
    if (begun.has(Object(error))) begun.add(cause)
    throw cause
  })
  const wait = retryAfterSeconds(answer.headers['retry-after'], Date.now())
  return {
    status: answer.statusCode ?? 0,
    body: await readBounded(answer),
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  }
}

function send(
  url: URL,
  options: RequestOptions,
  body: Buffer,
  { agents, connectTimeout }: HttpClient,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:'
    const request = isSecure
      ? requestHttps(url, { ...options, agent: agents.https })
      : requestHttp(url, { ...options, agent: agents.http })
    let isBegun = false
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error('No connection in time'), { code: 'ETIMEDOUT' }))
    }, connectTimeout)
    const begin = () => {
      isBegun = true
      clearTimeout(timer)
    }
    request.on('socket', (socket) => {
      if (request.reusedSocket) begin()
      else socket.once(isSecure ? 'secureConnect' : 'connect', begin)
    })
    const fail = (error: Error) => {
      if (isBegun) begun.add(error)
      reject(error)
    }
    request.on('error', fail)
    request.on('close', () => {
      clearTimeout(timer)
      // After a 101, which nobody asked for, Node closes the connection without an error.
      fail(Object.assign(new Error('Closed without an answer'), { code: 'ECONNRESET' }))
    })
    request.on('response', resolve)
    request.end(body)
  })
}

/**
 * Reads up to the limit, and closes the connection of a longer body. A body that breaks off counts as
 * far as it came, since the status has told the outcome.
 */
async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      read.push(chunk)
      bytes += chunk.length
      if (bytes >= maxBytes) break
    }
  } catch {
    // The part that was read is enough.
  }
  return Buffer.concat(read).subarray(0, maxBytes).toString()
}

/**
 * Seconds or a date (RFC 9110, section 10.2.3).
 *
 * @param now epoch milliseconds
 * @returns undefined for anything else, and for a repeated header
 */
export function retryAfterSeconds(
  header: string | string[] | undefined,
  now: number,
): number | undefined {
  if (typeof header !== 'string') return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header)
  // Each of HTTP's three date formats begins with the day of the week.
  const date = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

/**
 * The failure of a request without an answer. Only the error's code is kept: its message may contain
 * the URL, and a URL a secret. The messages of our own errors contain neither.
 */
export function networkFailure(error: unknown): Delivery {
  if (error instanceof EcosError) return { outcome: 'transient', reason: error.message }
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  // A DOMException's code is a number.
  const known = typeof code === 'string' ? code : name
  return { outcome: 'transient', reason: String(known ?? 'unknown error') }
}

/**
 * The same for a receiver that does not recognise a second copy: a request that was sent may have been
 * accepted.
 */
export function noAnswer(error: unknown): Delivery {
  const failure = networkFailure(error)
  const isUnknown = failure.outcome === 'transient' && begun.has(Object(error))
  return isUnknown ? { outcome: 'unknown', reason: failure.reason } : failure
}

/** Statuses that may change later: time-out, too early, too many requests, and server errors. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}
