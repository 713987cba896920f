import { afterAll, expect, it } from '@jest/globals'
import { createOneDrain } from '../../../functions/shared/one-drain.ts'
import { createBridgeMetrics } from '../../../lib/bridge/metrics.ts'
import { silentLog } from '../../support/memory.ts'
import { temporaryFolder } from '../../support/worker.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

it('connects to nothing where a setting is missing that only some tenants need', async () => {
  // Where it would be asked for the secret with the broker's address, there is nobody.
  Object.assign(process.env, { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })
  const settings = {
    ...{ AMQP_SECRET_ID: 'broker', CELL: 'main', EVENT_BUS_NAME: 'ecos-main', CALLS_IN_FLIGHT: 1 },
    ...{ CONCURRENT_DRAINS: 1, MAX_PUT_EVENTS_PER_SECOND: 1, PAYLOAD_BUCKET: 'none', PREFETCH: 1 },
    PARTITIONS: 16,
    QUEUES: 'own' as const,
    EVENTBRIDGE_CLIENT: 'sdk' as const,
    QUARANTINE_QUEUE_URL: 'http://127.0.0.1:9/none',
    TENANTS_FILE: folder.write('tenants.yml', 'tenants: { acme: { wire: "2.0" } }'),
  }
  const drainOnce = await createOneDrain(settings, silentLog)
  const metrics = createBridgeMetrics(() => undefined, silentLog)
  await expect(drainOnce(metrics, AbortSignal.timeout(60_000))).rejects.toMatchObject({
    code: 'missing-variable',
  })
})
