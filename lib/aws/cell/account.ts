import { STSClient } from '@aws-sdk/client-sts'
import { EcosError } from '../../errors.ts'
import { createClient } from '../client.ts'

/**
 * Makes sure that the SDK has a region and credentials. Sends no request to AWS.
 *
 * @throws EcosError `no-region`, `no-credentials`
 */
export async function requireAccount(): Promise<void> {
  const { config } = createClient(STSClient)
  await config.region().catch((cause: unknown) => {
    const todo = 'set AWS_REGION, or AWS_PROFILE to a profile that has one'
    throw new EcosError('no-region', `No AWS region is set: ${todo}`, { cause })
  })
  await config.credentials().catch((cause: unknown) => {
    const todo = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in'
    throw new EcosError('no-credentials', `No AWS credentials are set: ${todo}`, { cause })
  })
}
