import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import pLimit from 'p-limit'
import { escapeTenant } from '../../tenant-name.ts'
import { conditionHeld } from './conditional-write.ts'
import { isTenantEntry } from './notification-keys.ts'

export type Item = Readonly<Record<string, unknown>>

/** A table of two cells. */
export interface TablePair {
  readonly from: { readonly TableName: string; readonly client: DynamoDBDocumentClient }
  readonly to: { readonly TableName: string; readonly client: DynamoDBDocumentClient }
  /** The partition key. */
  readonly key: string
  /** Whether the key is the tenant's id itself; else it is the escaped id, alone or before `#`. */
  readonly isPlainId?: boolean
}

/** Items copied at once. */
const concurrency = 32

/**
 * Copies a tenant's items, and leaves alone those that the other table has.
 *
 * @param carryOne carries one item (default: copies it). @returns whether it was carried now
 * @returns how many were carried now
 */
export async function carryItems(
  pair: TablePair,
  tenant: string,
  carryOne: (item: Item) => Promise<boolean> = (item) => putNew(pair, item),
): Promise<number> {
  const { from } = pair
  const limit = pLimit(concurrency)
  let count = 0
  const pages = paginateScan(
    { client: from.client },
    {
      TableName: from.TableName,
      ConsistentRead: true,
      ...itemsOf(tenant, pair),
    },
  )
  for await (const { Items = [] } of pages) {
    const own = Items.filter(({ entry }) => entry === undefined || isTenantEntry(entry))
    const carried = await limit.map(own, carryOne)
    count += carried.filter(Boolean).length
  }
  return count
}

/** No escaped id contains `#`, so no record of another tenant fits. What else begins so, `isTenantEntry` leaves out. */
function itemsOf(tenant: string, { key, isPlainId }: TablePair) {
  const ExpressionAttributeNames = { '#key': key }
  if (isPlainId) {
    return {
      FilterExpression: '#key = :tenant',
      ExpressionAttributeNames,
      ExpressionAttributeValues: { ':tenant': tenant },
    }
  }
  const name = escapeTenant(tenant)
  return {
    FilterExpression: '#key = :tenant OR begins_with(#key, :prefix)',
    ExpressionAttributeNames,
    ExpressionAttributeValues: { ':tenant': name, ':prefix': `${name}#` },
  }
}

/** @param replaced the attribute of an item that is there and is replaced */
export function putNew({ to, key }: TablePair, Item: Item, replaced?: string): Promise<boolean> {
  const put = new PutCommand({
    TableName: to.TableName,
    Item,
    ConditionExpression: `attribute_not_exists(#key)${replaced ? ` OR attribute_exists(${replaced})` : ''}`,
    ExpressionAttributeNames: { '#key': key },
  })
  return conditionHeld(to.client.send(put))
}
