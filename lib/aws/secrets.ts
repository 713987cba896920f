import { getSecret } from '@aws-lambda-powertools/parameters/secrets'
import { EcosError } from '../errors.ts'

/** A rotated secret is picked up after this many seconds, without a restart. */
const maxAge = 60

/**
 * The text of a secret in Secrets Manager.
 *
 * @throws EcosError `secret-unreadable`, with the secret's name and never its text
 */
export async function secretText(secretId: string): Promise<string> {
  const text = await getSecret(secretId, { maxAge }).catch((cause: unknown) => {
    throw new EcosError('secret-unreadable', `The secret ${secretId} can't be read`, { cause })
  })
  if (typeof text === 'string' && text.trim() !== '') return text.trim()
  throw new EcosError('secret-unreadable', `The secret ${secretId} holds no text`)
}
