import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createClient } from '../client.ts'

/**
 * The ARN of the identity with whose credentials this process calls AWS. Where STS can't be reached, the id of its
 * access key, which is no secret: CloudTrail has it.
 */
export async function callerIdentity(client = createClient(STSClient)): Promise<string> {
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}))
    if (Arn !== undefined) return Arn
  } catch {
    // Repairs are needed most when something is down.
  }
  return (await client.config.credentials()).accessKeyId
}
