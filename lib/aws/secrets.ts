import { getSecret } from '@aws-lambda-powertools/parameters/secrets'
import { EcosError } from '../errors.ts'

/** A rotated secret is picked up after this many seconds, without a restart. */
const maxAge = 60

/**
 * The text of a secret in Secrets Manager.
 *
 * @param fresh whether to ask Secrets Manager even where the text is known
 * @throws EcosError `secret-unreadable`, with the secret's name and never its text
 */
export async function secretText(secretId: string, fresh = false): Promise<string> {
  const text = await getSecret(secretId, { maxAge, forceFetch: fresh }).catch((cause: unknown) => {
    throw new EcosError('secret-unreadable', `The secret ${secretId} can't be read`, { cause })
  })
  if (typeof text === 'string' && text.trim() !== '') return text.trim()
  throw new EcosError('secret-unreadable', `The secret ${secretId} holds no text`)
}
