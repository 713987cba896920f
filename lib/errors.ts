import type { ErrorCode } from './error-codes.ts'

/**
 * The one error class of the project. `code` is stable and is what callers branch on; nobody matches
 * on `message`, which is written for the person who has to act on it.
 */
export class EcosError extends Error {
  override readonly name = 'EcosError'
  readonly code: ErrorCode
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean
  /**
   * Seconds that whoever refused asked to wait at least; 0 where waiting is of no use. Undefined where
   * it is for the caller to say.
   */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** What went wrong in one line, for a log or a terminal. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ')
  }
  return error instanceof Error ? error.message || error.name : String(error)
}
