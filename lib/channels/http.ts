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

/** A client that keeps its connections for later deliveries and follows no redirect. */
export function createHttp(connect: buildConnector.BuildOptions = {}): Dispatcher {
  return new Agent({ connect: { timeout: connectTimeout, ...connect } })
}

/**
 * @param timeout milliseconds for the whole call
 * @throws undici's error if there is no answer: see `networkFailure`
 */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  dispatcher: Dispatcher,
  timeout = wholeTimeout,
): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeout)
  const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal })
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
  return { outcome: 'transient', reason: String(code ?? name ?? 'unknown error') }
}

/** Statuses that may change later: time-out, too early, too many requests, and server errors. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}
