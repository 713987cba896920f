import { expect, it } from '@jest/globals'
import type { Context } from 'aws-lambda'
import { temporaryFolder } from '../../support/worker.ts'

it('drains nothing, and needs no broker, where all tenants of the cell are at Amazon MQ', async () => {
  const folder = temporaryFolder()
  const tenants = `brokers:
  cloud:
    amazonMq: arn:aws:mq:eu-central-1:123456789012:broker:ecos:b-1
    secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:mq-AbCdEf
tenants:
  acme: { broker: cloud }
  other: { cell: other }
`
  Object.assign(process.env, {
    AMQP_SECRET_ID: 'none',
    AWS_REGION: 'eu-central-1',
    CELL: 'main',
    EVENT_BUS_NAME: 'ecos-main',
    MAX_PUT_EVENTS_PER_SECOND: '1',
    PAYLOAD_BUCKET: 'none',
    QUARANTINE_QUEUE_URL: 'http://127.0.0.1:9/none',
    TENANTS_FILE: folder.write('tenants.yml', tenants),
  })
  const { handler } = await import('../../../functions/bridge-drain.ts')
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context
  await expect(handler({}, context)).resolves.toMatchObject({ bridged: 0, returned: 0 })
  folder.remove()
})
