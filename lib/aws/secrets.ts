import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { EcosError } from '../errors.ts'
import { createClient } from './client.ts'

/** Seconds after which a rotated secret is read again, without a restart. */
const maxAge = 60

let provider: SecretsProvider | undefined

/**
 * The text of a secret in Secrets Manager.
 *
 * @param fresh bypasses the cache
 * @throws EcosError `secret-missing` or `secret-unreadable`, with the secret's name and never its text
 */
export async function secretText(secretId: string, fresh = false): Promise<string> {
  provider ??= new SecretsProvider({ awsSdkV3Client: createClient(SecretsManagerClient) })
  const text = await provider.get(secretId, { maxAge, forceFetch: fresh }).catch((cause) => {
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
