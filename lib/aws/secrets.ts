import { EcosError } from '../errors.ts'
import { loadedOnce } from '../loaded-once.ts'

/**
 * Seconds after which a rotated secret is read again, without a restart. 10,000 reads cost 5 cents: each minute
 * would be 22 cents a month for each tenant and instance of a sender.
 */
const maxAge = 300

/** Loaded with the first secret: a cold start does not wait for it. */
const provider = loadedOnce(async () =>
  (await import('./secrets-provider.ts')).createSecretsProvider(),
)

/**
 * The text of a secret in Secrets Manager.
 *
 * @param fresh bypasses the cache
 * @throws EcosError `secret-missing` or `secret-unreadable`, with the secret's name and never its text
 */
export async function secretText(secretId: string, fresh = false): Promise<string> {
  const secrets = await provider()
  const text = await secrets.get(secretId, { maxAge, forceFetch: fresh }).catch((cause) => {
    // Powertools wraps the SDK's error in one of its own.
    const answer = (cause as { readonly cause?: unknown }).cause
    if (nameOf(answer) === 'ResourceNotFoundException') {
      throw new EcosError('secret-missing', `There is no secret ${secretId}`, { cause })
    }
    const why = isDenied(answer)
      ? ': access is denied; allow secretsmanager:GetSecretValue on it, and check that it exists'
      : `: ${nameOf(answer) ?? nameOf(cause) ?? 'for an unknown reason'}`
    throw new EcosError('secret-unreadable', `The secret ${secretId} can't be read${why}`, {
      cause,
    })
  })
  if (typeof text === 'string' && text.trim() !== '') return text.trim()
  throw new EcosError('secret-unreadable', `The secret ${secretId} holds no text`)
}

/** AWS answers this for a missing secret too, where the role has no permission for its plain name. */
function isDenied(error: unknown): boolean {
  return nameOf(error) === 'AccessDeniedException'
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined
}
