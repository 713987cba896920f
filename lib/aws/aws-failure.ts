import { EcosError, messageOf } from '../errors.ts'

/** The SDK's errors: those of a service, and those of a request that got no answer. */
interface SdkError extends Error {
  readonly $metadata: object
  /** Whose fault a service says it is. */
  readonly $fault?: 'client' | 'server'
}

const denied = /^AccessDenied|^UnauthorizedOperation|NotAuthorized/
const credentials = /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch)/

/** The failure of an AWS call with what to do about it; undefined for any other error. */
export function awsFailure(error: unknown): EcosError | undefined {
  if (!isSdkError(error)) return isTimeout(error) ? noAnswer('no answer in time', error) : undefined
  const options = { cause: error }
  const said = messageOf(error)
  if (error.$fault === undefined) return noAnswer(said, error)
  if (denied.test(error.name)) {
    return new EcosError('access-denied', `${said}: allow it for this identity`, options)
  }
  const todo = credentials.test(error.name)
    ? 'renew the credentials, or log in again'
    : 'see https://health.aws.amazon.com and try again'
  const isTheirs = error.$fault === 'server' || credentials.test(error.name)
  return new EcosError(
    'aws-failed',
    `AWS refused the call (${error.name}: ${said})${isTheirs ? `: ${todo}` : ''}`,
    options,
  )
}

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error && '$metadata' in error
}

/** A client's call that was bounded (client.ts) ends so. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name)
}

function noAnswer(why: string, cause: unknown): EcosError {
  const todo = 'check the network, AWS_REGION, and AWS_ENDPOINT_URL where it is set'
  return new EcosError('aws-failed', `AWS does not answer (${why}): ${todo}`, { cause })
}
