import { Agent, type buildConnector, type Dispatcher, request } from 'undici'
import { EcosError } from '../errors.ts'
import type { Delivery } from './channel.ts'

/** Milliseconds, far below the 30 seconds of a queue-fed function. */
const connectTimeout = 3_000
const wholeTimeout = 10_000

/** Bytes of an answer that are read: no provider has more to say, and an endpoint may trickle. */
const mostBytes = 16 * 1024

export interface HttpAnswer {
  readonly status: number
  /** The answer's own text as far as it was read, UTF-8. */
  readonly body: string
  /** What the header Retry-After asks for. */
  readonly retryAfterSeconds?: number
}

/** Keeps its connections for the next delivery, and follows no redirect. */
export function createHttp(connect: buildConnector.BuildOptions = {}): Dispatcher {
  return new Agent({ connect: { timeout: connectTimeout, ...connect } })
}

/**
 * @param timeout milliseconds for the whole call
 * @throws what undici throws where there is no answer: see `networkFailure`
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
 * Of a body that is too long the connection ends with it. One that breaks off or does not end is as
 * long as it came: the status has said what became of the request.
 */
async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      read.push(chunk)
      bytes += chunk.length
      if (bytes >= mostBytes) break
    }
  } catch {
    // What was read is what there is.
  }
  return Buffer.concat(read).subarray(0, mostBytes).toString()
}

/**
 * Seconds or a date (RFC 9110, section 10.2.3).
 *
 * @param now epoch milliseconds
 * @returns undefined for what is neither, and for a header that came twice
 */
export function retryAfterSeconds(
  header: string | string[] | undefined,
  now: number,
): number | undefined {
  if (typeof header !== 'string') return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header)
  // Each of the three forms begins with the day of the week.
  const date = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

/**
 * No answer came: the code alone, since an error's text may hold the URL, and a URL a secret. Our own
 * texts hold neither.
 */
export function networkFailure(error: unknown): Delivery {
  if (error instanceof EcosError) return { outcome: 'transient', reason: error.message }
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  return { outcome: 'transient', reason: String(code ?? name ?? 'unknown error') }
}

/** Answers that may be others later: a time-out, too early, too many, and a server's own failures. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}
