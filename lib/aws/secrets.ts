import { getSecret } from '@aws-lambda-powertools/parameters/secrets'
import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager'
import { EcosError } from '../errors.ts'

/** A rotated secret is picked up after this many seconds, without a restart. */
const maxAge = 60

/**
 * The text of a secret in Secrets Manager.
 *
 * @param fresh whether to ask Secrets Manager even where the text is known
 * @throws EcosError `secret-missing` or `secret-unreadable`, with the secret's name and never its text
 */
export async function secretText(secretId: string, fresh = false): Promise<string> {
  const text = await getSecret(secretId, { maxAge, forceFetch: fresh }).catch((cause: unknown) => {
    if (isMissing(cause)) {
      throw new EcosError('secret-missing', `There is no secret ${secretId}`, { cause })
    }
    throw new EcosError('secret-unreadable', `The secret ${secretId} can't be read`, { cause })
  })
  if (typeof text === 'string' && text.trim() !== '') return text.trim()
  throw new EcosError('secret-unreadable', `The secret ${secretId} holds no text`)
}

/** Powertools wraps the SDK's error in one of its own. */
function isMissing(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown }
  return cause instanceof ResourceNotFoundException
}
