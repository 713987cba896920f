import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DeleteTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { appliedTenants, createTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { planTenants } from '../../lib/operations/apply-tenants.ts'
import { readTenantsFile } from '../../lib/tenants/tenants-file.ts'
import { runningStack } from '../support/stack.ts'

const { cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const TableName = `tenants-${randomUUID()}`
const rows = createTenantsTable(TableName, client)

beforeAll(() =>
  cloud.dynamoDb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'item', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'item', KeyType: 'HASH' }],
    }),
  ),
)
afterAll(() => cloud.dynamoDb.send(new DeleteTableCommand({ TableName })))

const planOf = (text: string) => planTenants(rows, readTenantsFile(text, 'tenants.yml'), 'main')
const apply = async (text: string) => (await planOf(text)).apply(new Date())
const read = appliedTenants(rows, TableName)

describe('the table of applied tenants', () => {
  it('says what to do while nothing is applied', async () => {
    await expect(read(undefined)).rejects.toThrow('ecos-eventbridge tenants apply')
  })

  it('holds one version, whole, and answers a reader that knows it with little', async () => {
    expect(await apply('tenants: { acme: , "acme corp": { locale: en } }')).toBe('1')
    expect(await read(undefined)).toMatchObject({
      version: '1',
      tenants: [{ id: 'acme' }, { id: 'acme corp', locale: 'en' }],
    })
    expect(await read('1')).toBe('unchanged')
    expect(await apply('tenants: { "acme corp": { locale: en }, acme: }')).toBe('1')
    expect(await apply('tenants: { acme: }')).toBe('2')
    expect(await read('1')).toMatchObject({
      tenants: [{ id: 'acme' }],
      leaving: [{ id: 'acme corp' }],
    })
  })

  it('takes more tenants than an item holds, and lets a replaced version expire', async () => {
    const ids = Array.from(
      { length: 10_000 },
      () => `${randomUUID()}${randomUUID()} ${randomUUID()}`,
    )
    const tenants = Object.fromEntries(ids.map((id) => [id, { events: ['task.create'] }]))
    expect(await apply(JSON.stringify({ tenants }))).toBe('3')
    const now = await read('2')
    expect(now === 'unchanged' ? [] : now.tenants.map(({ id }) => id)).toEqual(ids)
    const { Items = [] } = await cloud.dynamoDb.send(
      new ScanCommand({
        TableName,
        ProjectionExpression: '#item, expiresAt',
        ExpressionAttributeNames: { '#item': 'item' },
      }),
    )
    const lasting = Items.filter(({ expiresAt }) => expiresAt === undefined)
    expect(lasting.length).toBeGreaterThan(2)
    expect(Items.length - lasting.length).toBe(2)
  })

  it('refuses to replace what somebody else has applied since the plan', async () => {
    const [mine, theirs] = [await planOf('tenants: { a: }'), await planOf('tenants: { b: }')]
    await theirs.apply(new Date())
    await expect(mine.apply(new Date())).rejects.toMatchObject({ code: 'tenants-changed' })
    expect(await read(undefined)).toMatchObject({ tenants: [{ id: 'b' }] })
  })

  it('is repaired by the next apply where a part is missing: readers say so until then', async () => {
    await apply('tenants: { a: , b: }')
    const current = await client.send(new GetCommand({ TableName, Key: { item: 'current' } }))
    const [part] = current.Item?.['parts'] ?? []
    await client.send(new DeleteCommand({ TableName, Key: { item: part } }))
    await expect(read(undefined)).rejects.toMatchObject({ code: 'tenants-unreadable' })
    const plan = await planOf('tenants: { a: , b: }')
    expect(plan.isUnreadable).toBe(true)
    await plan.apply(new Date())
    expect(await read(undefined)).toMatchObject({ tenants: [{ id: 'a' }, { id: 'b' }] })
  })

  it('lets the last tenant go', async () => {
    await apply('tenants: { a: { cell: other } }')
    expect(await read(undefined)).toMatchObject({ tenants: [] })
  })

  it('is filled by a deployment', async () => {
    const table = createTenantsTable(String(deployment['TenantsTableName']), client)
    const applied = await appliedTenants(table, 'deployed')(undefined)
    const ids = applied === 'unchanged' ? [] : applied.tenants.map(({ id }) => id)
    expect(ids).toContain('acme')
  })
})
