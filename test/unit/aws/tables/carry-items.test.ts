import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import { carryItems, type Item } from '../../../../lib/aws/tables/carry-items.ts'

const own = (tenant: string): Item[] => [
  { event: `${tenant}#task.create#1`, entry: 'event' },
  { event: `${tenant}#task.create#1`, entry: 'event#again-1' },
  { event: `${tenant}#task.create#1`, entry: 'part##0' },
  { event: `${tenant}#task.create#1`, entry: 'failure' },
  { event: `${tenant}#task.create#1`, entry: 'notification#2' },
  { event: `${tenant}#subject#3`, entry: 'subject' },
]

/** What the table holds beside the tenants' records, under keys that begin like those of a tenant. */
const others: readonly (readonly [tenant: string, Item])[] = [
  ['sent', { event: 'sent#acme#2', entry: 'message' }],
  ['audit', { event: 'audit#2026-11', entry: '2026-11-28T10:00:00.000Z#0a1b2c3d' }],
  ['message', { event: 'message#5', entry: 'tries' }],
]

it.each(others)('carries of a tenant called %s its own records alone', async (tenant, other) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  client.send = (async () => ({ Items: [...own(tenant), other] })) as never
  const carried: Item[] = []
  const place = { TableName: 'notifications', client }
  await carryItems({ from: place, to: place, key: 'event' }, tenant, async (item) => {
    carried.push(item)
    return true
  })
  expect(carried).toEqual(own(tenant))
})
