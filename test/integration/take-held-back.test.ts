import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { carryItems, type TablePair } from '../../lib/aws/tables/carry-items.ts'
import { carryRecord } from '../../lib/aws/tables/carry-records.ts'
import { takeHeldBack } from '../../lib/aws/tables/take-held-back.ts'
import { runningStack } from '../support/stack.ts'

const { cloud } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const tables = ['main', 'north'].map((cell) => `held-${process.pid}-${cell}`)
const [main, north] = tables as [string, string]
const dueAt = new Date(Date.now() + 3_600_000).toISOString()

beforeAll(async () => {
  for (const TableName of tables) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'event', AttributeType: 'S' },
          { AttributeName: 'entry', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'event', KeyType: 'HASH' },
          { AttributeName: 'entry', KeyType: 'RANGE' },
        ],
      }),
    )
  }
})
afterAll(async () => {
  for (const TableName of tables) await client.send(new DeleteTableCommand({ TableName }))
})

/** Both tables, for a process that is killed before its next write after so many. */
function pairUntil(writes: number): TablePair {
  let left = writes
  const dying = Object.create(client, {
    send: {
      value(command: { readonly constructor: { readonly name: string } }) {
        const isWrite = /^(Put|Update)Command$/.test(command.constructor.name)
        if (isWrite && left-- <= 0) return Promise.reject(new Error('killed'))
        return client.send(command as never)
      },
    },
  })
  return {
    from: { TableName: main, client: dying },
    to: { TableName: north, client: dying },
    key: 'event',
  }
}
const forGood = Number.POSITIVE_INFINITY
const keyOf = (tenant: string) => ({ event: `${tenant}#task.create#1`, entry: 'notification#1' })

/** The cells that will tell it. */
async function toldBy(tenant: string): Promise<string[]> {
  const items = tables.map(async (TableName) => {
    const command = new GetCommand({ TableName, Key: keyOf(tenant), ConsistentRead: true })
    return (await client.send(command)).Item
  })
  return (await Promise.all(items)).flatMap((item, at) =>
    item?.['due'] === 'held#0' && item['state'] === 'WAIT_FOR_DISPATCH' && item['dueAt'] === dueAt
      ? [at === 0 ? 'main' : 'north']
      : [],
  )
}

/** A hand-over, and taking back what was handed over, are three writes each. */
const kills = [0, 1, 2, 3].flatMap((carried) =>
  [0, 1, 2, 3].map((back) => [carried, back] as const),
)

it.each(kills)(
  'a held notification is told by one cell: carrying killed after %i writes, taking it back after %i',
  async (carried, back) => {
    const tenant = `t${carried}${back}`
    const Item = { ...keyOf(tenant), tenant, state: 'WAIT_FOR_DISPATCH', due: 'held#0', dueAt }
    await client.send(new PutCommand({ TableName: main, Item }))
    const move = { tenant, from: 'main', to: 'north' }
    const carry = (pair: TablePair) =>
      carryItems(pair, tenant, (item) => carryRecord(pair, item, 'north')).catch(String)
    const takeBack = (pair: TablePair) => takeHeldBack(pair, move).catch(String)

    await carry(pairUntil(carried))
    expect((await toldBy(tenant)).length).toBeLessThanOrEqual(1)
    await takeBack(pairUntil(back))
    expect((await toldBy(tenant)).length).toBeLessThanOrEqual(1)
    await takeBack(pairUntil(forGood))
    expect(await toldBy(tenant)).toEqual(['main'])
    // The next move begins as if there had been none.
    await carry(pairUntil(forGood))
    expect(await toldBy(tenant)).toEqual(['north'])
  },
)
