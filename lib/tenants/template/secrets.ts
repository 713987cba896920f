import { arn, type Value } from './cloudformation.ts'
import { allow } from './queue-function.ts'

/**
 * The resource names of a secret. Secrets Manager appends a hyphen and six random characters to an existing
 * secret's ARN. A missing secret has no such suffix: without permission for its plain name AWS answers
 * AccessDenied instead of ResourceNotFound.
 */
export function secretNames(secretId: string): string[] {
  return [secretId, `${secretId}-??????`]
}

export function readSecrets(...names: readonly string[]): Value {
  const arns = names.map((name) => arn('secretsmanager', `secret:${name}`))
  return allow(['secretsmanager:GetSecretValue'], arns)
}
