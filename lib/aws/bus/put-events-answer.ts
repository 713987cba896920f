import type { EntryResult } from '../../bridge/publish/bus.ts'
import { EcosError, messageOf } from '../../errors.ts'

/** An entry's result, as PutEvents answers it. */
export interface AnsweredEntry {
  readonly EventId?: string | undefined
  readonly ErrorCode?: string | undefined
}

/** What the service answered to a call that failed. */
export interface ServiceFailure {
  /** The error's name, such as `ThrottlingException`. */
  readonly name: string
  /** HTTP. */
  readonly status: number | undefined
}

/** Entry error codes that speak of the entry's content. Anything else may pass and is tried again. */
const contentCodes = new Set(['InvalidArgument', 'MalformedDetail', 'ValidationException'])

/** Call error names that speak of the call's content. */
const contentErrors = new Set([
  'ValidationException',
  'ValidationError',
  'RequestEntityTooLargeException',
  'SerializationException',
])

/** Call error names that nothing but somebody's hand will change. */
const lastingErrors = new Set(['AccessDeniedException', 'AccessDenied'])

export function asResult({ EventId, ErrorCode }: AnsweredEntry): EntryResult {
  if (ErrorCode === undefined) {
    return EventId === undefined
      ? { status: 'failed', code: 'no-event-id' }
      : { status: 'accepted' }
  }
  return { status: contentCodes.has(ErrorCode) ? 'refused' : 'failed', code: ErrorCode }
}

/** The error of a call that failed: `call-refused` for its content, else `bus-unavailable`. */
export function callFailed(busName: string, cause: unknown, failure?: ServiceFailure): EcosError {
  return failure && (contentErrors.has(failure.name) || failure.status === 413)
    ? new EcosError('call-refused', `EventBridge refused the content: ${messageOf(cause)}`, {
        cause,
      })
    : busUnavailable(busName, cause, failure)
}

export function busUnavailable(
  busName: string,
  cause: unknown,
  failure?: ServiceFailure,
): EcosError {
  const name = cause instanceof Error ? cause.name : 'Error'
  return new EcosError(
    'bus-unavailable',
    `The bus ${busName} does not take events: ${name}: ${messageOf(cause)}`,
    { cause, retryable: failure === undefined || !lastingErrors.has(failure.name) },
  )
}
