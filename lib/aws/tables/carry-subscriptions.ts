import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateScan,
} from '@aws-sdk/lib-dynamodb'
import pLimit from 'p-limit'
import { escapeTenant } from '../../tenant-name.ts'
import type { Item, TablePair } from './carry-items.ts'
import { endpointPrefix, signingKey } from './endpoint-keys.ts'

/** Items copied at once. */
const concurrency = 32

/**
 * Makes the tenant's subscriptions, preferences and people in the other table those of the cell that it leaves, and
 * the generations of its endpoints' keys too: until the move is complete that cell decides, also over what an
 * interrupted carrying or an earlier stay has left in the other one. So nobody who has switched messages off gets
 * them again.
 *
 * @returns how many items there are
 */
export async function carrySubscriptions({ from, to }: TablePair, tenant: string): Promise<number> {
  const limit = pLimit(concurrency)
  const carried = new Set<string>()
  for await (const items of itemsIn(from, tenant)) {
    await limit.map(items, async (Item) => {
      await to.client.send(new PutCommand({ TableName: to.TableName, Item }))
      carried.add(nameOf(Item))
    })
  }
  for await (const items of itemsIn(to, tenant)) {
    const stale = items.filter((item) => !carried.has(nameOf(item)))
    await limit.map(stale, ({ subscriber, eventType }) => {
      const Key = { subscriber, eventType }
      return to.client.send(new DeleteCommand({ TableName: to.TableName, Key }))
    })
  }
  return carried.size
}

/** Endpoints' keys begin like the subscriptions of a tenant called `endpoint`; their sort key tells them apart. */
async function* itemsIn(
  { TableName, client }: { readonly TableName: string; readonly client: DynamoDBDocumentClient },
  tenant: string,
): AsyncGenerator<readonly Item[]> {
  const name = escapeTenant(tenant)
  const pages = paginateScan(
    { client },
    {
      TableName,
      ConsistentRead: true,
      FilterExpression:
        '(eventType <> :key AND (subscriber = :tenant OR begins_with(subscriber, :own))) OR ' +
        '(eventType = :key AND begins_with(subscriber, :endpoints))',
      ExpressionAttributeValues: {
        ':key': signingKey,
        ':tenant': name,
        ':own': `${name}#`,
        ':endpoints': endpointPrefix(tenant),
      },
    },
  )
  for await (const { Items = [] } of pages) yield Items
}

function nameOf({ subscriber, eventType }: Item): string {
  return JSON.stringify([subscriber, eventType])
}
