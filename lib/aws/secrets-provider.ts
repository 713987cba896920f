import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { createClient } from './client.ts'

/** Caches what it reads of Secrets Manager. */
export function createSecretsProvider(): SecretsProvider {
  return new SecretsProvider({ awsSdkV3Client: createClient(SecretsManagerClient) })
}
