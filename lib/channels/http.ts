import { Readable } from 'node:stream'
import { Agent, type buildConnector, type Dispatcher, request } from 'undici'
import { EcosError } from '../errors.ts'
import type { Delivery } from './channel.ts'

/** Milliseconds, well below the 30 seconds of a queue-fed function. */
const connectTimeout = 3_000
const wholeTimeout = 10_000

/** Bytes of an answer that are read: providers send less, and an endpoint may trickle for ever. */
const maxBytes = 16 * 1024

export interface HttpAnswer {
  readonly status: number
  /** The part of the answer that was read, as UTF-8. */
  readonly body: string
  /** From the header Retry-After. */
  readonly retryAfterSeconds?: number
}

/**
 * A client that follows no redirect.
 *
 * @param isKept whether it keeps its connections for later deliveries. The server may close a kept one just
 *   as a request is sent over it, and then nobody knows whether it arrived
 */
export function createHttp(connect: buildConnector.BuildOptions = {}, isKept = true): Dispatcher {
  return new Agent({
    connect: { timeout: connectTimeout, ...connect },
    ...(!isKept && { pipelining: 0 }),
  })
}

/** Errors of requests that a connection had begun to send. */
const begun = new WeakSet<object>()

/**
 * @param timeout milliseconds for the whole call
 * @throws undici's error if there is no answer: see `networkFailure` and `noAnswer`
 */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  dispatcher: Dispatcher,
  timeout = wholeTimeout,
): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeout)
  const bytes = Buffer.from(body)
  let isBegun = false
  // Read once there is a connection.
  const content = new Readable({
    read() {
      isBegun = true
      this.push(bytes)
      this.push(null)
    },
  })
  const answer = await request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': String(bytes.length) },
    body: content,
    dispatcher,
    signal,
  }).catch((error: unknown) => {
    if (isBegun) begun.add(Object(error))
    throw error
  })
  const wait = retryAfterSeconds(answer.headers['retry-after'], Date.now())
  return {
    status: answer.statusCode,
    body: await readBounded(answer.body),
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  }
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
