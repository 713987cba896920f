import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager'
import { beforeAll, expect, it } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { withSecret } from '../../lib/aws/rotated-secret.ts'
import { secretText } from '../../lib/aws/secrets.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { newTenant, runningStack } from '../support/stack.ts'

const { amqpUrl, cloud } = runningStack()

// The cached reader takes its client from the environment, as a function does.
beforeAll(
  () => void Object.assign(process.env, cloudEnvironment(process.env['AWS_ENDPOINT_URL'] ?? '')),
)

it('a broker password that was rotated is picked up at once, and not only when the cache ends', async () => {
  const { secrets } = cloud
  const SecretId = newTenant()
  const read = (fresh: boolean) => secretText(SecretId, fresh)
  const revoked = new URL(amqpUrl)
  revoked.password = 'revoked'
  await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: revoked.href }))
  try {
    const refused = withSecret(read, connectBroker)
    await expect(refused).rejects.toMatchObject({ code: 'broker-unreachable' })
    await expect(refused).rejects.not.toThrow('revoked')
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: amqpUrl }))
    const broker = await withSecret(read, connectBroker)
    await broker.close()
  } finally {
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
  }
})
