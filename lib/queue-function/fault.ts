import { EcosError, messageOf } from '../errors.ts'

/**
 * Whose failure it is. A failure of the `message` comes again with every try: it does not fit, its
 * template fails, it is refused. A failure of a `service` passes: a store, a queue, a lock, the network.
 */
export type Fault = 'message' | 'service'

/** Rejections of a request's content by DynamoDB, S3 and SQS: the same request is rejected again. */
const contentRejections: ReadonlySet<string> = new Set([
  'ValidationException',
  'SerializationException',
  'ItemCollectionSizeLimitExceededException',
  'EntityTooLarge',
  'InvalidMessageContents',
  'InvalidParameterValue',
  'BatchRequestTooLong',
])

/** Errors of Node and of undici without an answer from the service. */
const networkCode =
  /^(E(CONN\w+|TIMEDOUT|PIPE|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|PROTO)|UND_ERR_\w+)$/

/** Errors by which an AWS SDK client or Powertools reports that a service is unavailable. */
const unavailable: ReadonlySet<string> = new Set([
  'TimeoutError',
  'AbortError',
  'CredentialsProviderError',
  'IdempotencyPersistenceLayerError',
  'IdempotencyInconsistentStateError',
])

/**
 * Decides by the outermost error that says: an `EcosError` by `retryable`, an error of the AWS SDK by its
 * name, a network error by its code. An unknown error, such as a TypeError, is the message's.
 */
export function faultOf(error: unknown): Fault {
  if (error instanceof EcosError) return error.retryable ? 'service' : 'message'
  if (!(error instanceof Error)) return 'message'
  const { name, code, cause, $metadata } = error as Partial<Record<string, unknown>> & Error
  if (contentRejections.has(name)) return 'message'
  if ($metadata !== undefined || unavailable.has(name)) return 'service'
  if (typeof code === 'string' && networkCode.test(code)) return 'service'
  if (error instanceof AggregateError)
    return error.errors.some(isServiceFault) ? 'service' : 'message'
  return faultOf(cause)
}

function isServiceFault(error: unknown): boolean {
  return faultOf(error) === 'service'
}

/** Whether a service or our own code has rejected the content: an unknown error is no such rejection. */
export function isRejection(error: unknown): boolean {
  if (error instanceof EcosError) return !error.retryable
  return error instanceof Error && contentRejections.has(error.name)
}

/**
 * The reason for a log or a dead letter. Of an error that is neither our own nor a service's outage only the
 * name: its message may quote what a person wrote, as a parser's does, or a rejected request.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof EcosError || faultOf(error) === 'service') return messageOf(error)
  return error instanceof Error ? error.name : typeof error
}
