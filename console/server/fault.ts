import { EcosError, messageOf } from '../../lib/errors.ts'

/** Kinds of errors for which the page has words of its own. */
export type FaultKind = 'denied' | 'credentials' | 'unreachable' | 'slow' | 'throttled' | 'failed'

/** Why a part of the system is unknown. */
export interface Fault {
  /** `types`, `queues`, `broker`, `events`, `reasons`, or the name of a queue. */
  readonly part: string
  readonly kind: FaultKind
  /** The error's own words, as a detail. */
  readonly text: string
}

/** By the names and codes of the AWS SDK, of Node.js and of this project. */
const kinds: readonly (readonly [FaultKind, RegExp])[] = [
  [
    'credentials',
    /ExpiredToken|UnrecognizedClient|InvalidClientTokenId|Credentials|SignatureDoesNot/,
  ],
  ['denied', /AccessDenied|Unauthorized|Forbidden|access-denied|broker-refused|not-trusted/],
  ['throttled', /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/],
  ['slow', /Timeout|ETIMEDOUT|AbortError/],
  ['unreachable', /ECONN|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN|EPIPE|unreachable|broker-lost/],
]

export function faultOf(part: string, error: unknown): Fault {
  const names = namesOf(error).join(' ')
  const kind = kinds.find(([, pattern]) => pattern.test(names))?.[0] ?? 'failed'
  return { part, kind, text: messageOf(error) }
}

function namesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const { name, cause } = error
  const code = error instanceof EcosError ? error.code : String(Object(error).code ?? '')
  const causes = error instanceof AggregateError ? error.errors : [cause]
  return [name, code, ...causes.flatMap(namesOf)]
}
