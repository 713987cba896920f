import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { carrySubscriptions } from '../../lib/aws/tables/carry-subscriptions.ts'
import { createEndpointKeys } from '../../lib/aws/tables/endpoint-keys.ts'
import { runningStack } from '../support/stack.ts'

const { cloud } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const [former, next] = ['former', 'next'].map((cell) => `carry-${process.pid}-${cell}`) as [
  string,
  string,
]
const pair = {
  from: { TableName: former, client },
  to: { TableName: next, client },
  key: 'subscriber',
}

beforeAll(async () => {
  for (const TableName of [former, next]) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'subscriber', AttributeType: 'S' },
          { AttributeName: 'eventType', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'subscriber', KeyType: 'HASH' },
          { AttributeName: 'eventType', KeyType: 'RANGE' },
        ],
      }),
    )
  }
})

afterAll(async () => {
  for (const TableName of [former, next]) await client.send(new DeleteTableCommand({ TableName }))
})

type Entry = readonly [subscriber: string, eventType: string, note?: string]
async function put(table: string, entries: readonly Entry[]): Promise<void> {
  const requests = entries.map(([subscriber, eventType, note = '']) => ({
    PutRequest: { Item: { subscriber, eventType, note } },
  }))
  await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }))
}
async function entriesOf(table: string): Promise<Entry[]> {
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: table, ConsistentRead: true }),
  )
  return Items.map(({ subscriber, eventType, note }) => [
    subscriber,
    eventType,
    note,
  ]).sort() as never
}

it('what people changed in the cell that a tenant leaves holds in a cell where it was before', async () => {
  const others: Entry[] = [
    ['acme-2#ivanov', 'task.create', 'theirs'],
    ['_acme_202', 'task.create', 'theirs'],
  ]
  const current: Entry[] = [
    ['acme', 'task.create', 'the rule'],
    ['acme#ivanov', 'preferences', 'mails are off'],
    ['acme#ivanov', 'links', 'revoked'],
    ['acme#petrov', 'person', 'new'],
  ]
  await put(former, [...current, ...others])
  await put(next, [
    ['acme#ivanov', 'preferences', 'mails are on'],
    ['acme#ivanov', 'task.create', 'removed since'],
    ['acme', 'task.assign', 'removed since'],
    ['acme-2#ivanov', 'task.create', 'of this cell'],
  ])
  for (const _ of ['once', 'and after a crash']) {
    expect(await carrySubscriptions(pair, 'acme')).toBe(current.length)
    expect(await entriesOf(next)).toEqual(
      [...current, ['acme-2#ivanov', 'task.create', 'of this cell']].sort(),
    )
  }
})

it('an endpoint keeps the generation of its key, and a tenant called endpoint has no other’s', async () => {
  const [ofFormer, ofNext] = [former, next].map((table) => createEndpointKeys(table, client)) as [
    ReturnType<typeof createEndpointKeys>,
    ReturnType<typeof createEndpointKeys>,
  ]
  const url = 'https://hooks.acme.example/ecos'
  await ofFormer.issue('acme', url)
  const rotated = await ofFormer.rotate('acme', url)
  await carrySubscriptions(pair, 'endpoint')
  expect(await ofNext.find('acme', url)).toEqual({ generation: 1 })
  await carrySubscriptions(pair, 'acme')
  expect(rotated.generation).toBe(2)
  expect(await ofNext.find('acme', url)).toMatchObject(rotated)
  await carrySubscriptions(pair, 'endpoint')
  expect(await ofNext.find('acme', url)).toMatchObject(rotated)
})
