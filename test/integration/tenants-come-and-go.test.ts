import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { planTenants } from '../../lib/operations/apply-tenants.ts'
import { bridgeQueue } from '../../lib/tenants/names.ts'
import { readTenantsFile } from '../../lib/tenants/tenants-file.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { publish } from '../../local/demo/publish.ts'
import { type AwsStub, idsOf, startAwsStub } from '../support/aws-stub.ts'
import { publishMany } from '../support/publish-many.ts'
import {
  countMessages,
  eventually,
  newTenant,
  runningStack,
  taskMessage,
} from '../support/stack.ts'
import { startWorker, type Worker } from '../support/worker.ts'

const { amqpUrl, awsEndpoint, cloud } = runningStack()
const TableName = `tenants-${randomUUID()}`
const rows = createTenantsTable(TableName, DynamoDBDocumentClient.from(cloud.dynamoDb))
const [first, second] = [newTenant(), `Ёлка #${newTenant()}`]
let stub: AwsStub
let worker: Worker

/** Makes these the cell's tenants. */
async function apply(...ids: string[]): Promise<void> {
  const tenants = Object.fromEntries(ids.map((id) => [id, { events: ['task.create'] }]))
  const file = readTenantsFile(JSON.stringify({ tenants }), 'tenants.yml')
  await (await planTenants(rows, file, 'main')).apply(new Date())
}

const load = (tenant: string, count: number) =>
  Array.from({ length: count }, () => taskMessage(tenant))
const ready = async () => (await worker.health('/ready').catch(() => undefined))?.status
beforeAll(async () => {
  await cloud.dynamoDb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'item', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'item', KeyType: 'HASH' }],
    }),
  )
  await apply(first)
  stub = await startAwsStub()
  worker = startWorker({
    ...cloudEnvironment(awsEndpoint),
    AWS_ENDPOINT_URL_EVENTBRIDGE: stub.url,
    AWS_ENDPOINT_URL_SQS: stub.url,
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: 'ecos-main',
    TENANTS_TABLE: TableName,
    QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
  })
  await worker.consuming(1)
})
afterAll(async () => {
  worker.signal('SIGKILL')
  await worker.exited
  stub.close()
})

/** One after the other: each begins with the tenants of the one before. */
describe('a running worker', () => {
  it('takes a new tenant on, whatever its id, without a restart', async () => {
    await apply(first, second)
    await worker.consuming(2)
    const messages = [...load(first, 5), ...load(second, 5)]
    await publishMany(amqpUrl, messages)
    await eventually(
      async () => stub.accepted.length,
      (count) => count === 10,
    )
    expect(idsOf(stub.accepted).sort()).toEqual(messages.map(({ eventId }) => eventId).sort())
    expect((await ready())?.tenants).toEqual({ version: '2', serving: 2, leaving: [] })
  })

  it('lets a removed tenant go: no event enters its queue, and those that were there are bridged', async () => {
    stub.accepted.length = 0
    // The bus accepts nothing, so that the queue is not empty before its tenant is seen to leave.
    stub.mode = 'down'
    const messages = load(second, 3_000)
    await publishMany(amqpUrl, messages)
    await apply(first)
    await eventually(ready, (status) => status?.tenants.leaving.length === 1)
    expect(await countMessages(amqpUrl, bridgeQueue(second))).toBeGreaterThan(0)
    stub.mode = 'up'
    await eventually(
      async () => worker.logs.some(({ message }) => String(message).includes('is drained')),
      Boolean,
    )
    expect(new Set(idsOf(stub.accepted)).size).toBe(messages.length)
    expect(await countMessages(amqpUrl, bridgeQueue(second))).toBe(0)
    // An event that goes nowhere comes back.
    expect((await publish(amqpUrl, load(second, 1))).size).toBe(1)
    await worker.consuming(1)
    const line = worker.logs.find(({ message }) => String(message).includes('is drained'))
    expect(line).toMatchObject({ tenant: second, queue: bridgeQueue(second), deadLetters: 0 })
    const status = await eventually(ready, (now) => now?.tenants.serving === 1)
    expect(status?.tenants).toMatchObject({ serving: 1, leaving: [second] })
    expect(status?.problems).toEqual({})
  })

  it('binds a tenant again that comes back', async () => {
    stub.accepted.length = 0
    await apply(first, second)
    await worker.consuming(2)
    await publishMany(amqpUrl, load(second, 3))
    await eventually(
      async () => stub.accepted.length,
      (count) => count === 3,
    )
  })

  it('keeps its tenants while the table can not be read, and says so', async () => {
    stub.accepted.length = 0
    await cloud.dynamoDb.send(new DeleteTableCommand({ TableName }))
    const status = await eventually(ready, (now) => now?.tenants.problem !== undefined)
    expect(status?.tenants).toMatchObject({ version: '4', serving: 2, leaving: [] })
    await publishMany(amqpUrl, load(second, 3))
    await eventually(
      async () => stub.accepted.length,
      (count) => count === 3,
    )
  })
})
