import type { EntryResult } from '../../bridge/publish/bus.ts'
import { EcosError, messageOf } from '../../errors.ts'

/** One entry's result in PutEvents' answer. */
export interface AnsweredEntry {
  readonly EventId?: string | null | undefined
  readonly ErrorCode?: string | null | undefined
}

/** The service's answer to a failed call. */
export interface ServiceFailure {
  /** The error's name, such as `ThrottlingException`. */
  readonly name: string
  /** HTTP. */
  readonly status: number | undefined
  /** AWS's support asks for it. */
  readonly requestId?: string | undefined
}

/** Error codes about an entry's content. Any other failure is retried. */
const contentCodes = new Set(['InvalidArgument', 'MalformedDetail', 'ValidationException'])

/** Error names about a call's content. */
const contentErrors = new Set([
  'ValidationException',
  'ValidationError',
  'RequestEntityTooLargeException',
  'SerializationException',
])

/** Error names that last until somebody acts. */
const lastingErrors = new Set(['AccessDeniedException', 'AccessDenied'])

/** The SDK's deserializer drops nulls; a null code would otherwise send an accepted entry again for ever. */
export function asResult({ EventId, ErrorCode }: AnsweredEntry): EntryResult {
  if (ErrorCode == null) {
    return EventId == null ? { status: 'failed', code: 'no-event-id' } : { status: 'accepted' }
  }
  return { status: contentCodes.has(ErrorCode) ? 'refused' : 'failed', code: ErrorCode }
}

/**
 * The error for a failed call: `call-refused` for its content, without the service's message, which may
 * quote it; else `bus-unavailable`.
 */
export function callFailed(busName: string, cause: unknown, failure?: ServiceFailure): EcosError {
  if (!failure || !(contentErrors.has(failure.name) || failure.status === 413)) {
    return busUnavailable(busName, cause, failure)
  }
  const problem = `EventBridge refused the content: ${failure.name}${requestOf(failure)}`
  return new EcosError('call-refused', problem, { cause })
}

export function busUnavailable(
  busName: string,
  cause: unknown,
  failure?: ServiceFailure,
): EcosError {
  const name = cause instanceof Error ? cause.name : 'Error'
  return new EcosError(
    'bus-unavailable',
    `The bus ${busName} does not accept events: ${name}: ${messageOf(cause)}${requestOf(failure)}`,
    { cause, retryable: failure === undefined || !lastingErrors.has(failure.name) },
  )
}

function requestOf({ requestId }: Partial<ServiceFailure> = {}): string {
  return requestId === undefined ? '' : ` (request ${requestId})`
}
