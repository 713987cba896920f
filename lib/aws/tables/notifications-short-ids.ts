import { paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { NotificationKey } from '../../notifications/store.ts'
import { isIdOf, theOne } from '../../operations/short-id.ts'
import type { Table } from './batch-get.ts'
import { entryOf, indexes, type Key, notificationOf } from './notification-keys.ts'

/** Characters of a whole notification id. */
const wholeId = 64

/**
 * The key of a tenant's notification by its id, or by the beginning of its id. Reads the tenant's entries in the
 * index, the newest first: until the whole id is found, or all of them to be sure that a short one is the only.
 *
 * @throws EcosError `ambiguous-id`
 */
export async function findKey(
  table: Table,
  tenant: string,
  id: string,
): Promise<NotificationKey | undefined> {
  const found = new Map<string, NotificationKey>()
  const condition = { expression: 'begins_with(#key, :start)', name: 'entry', start: entryOf(id) }
  for await (const key of keysOf(table, tenant, condition)) {
    const notification = notificationOf(key)
    if (!isIdOf(notification.notificationId, id)) continue
    if (id.length === wholeId) return notification
    found.set(notification.notificationId, notification)
  }
  return found.get(theOne(id, found.keys()) ?? '')
}

/**
 * The id of an event with notifications, by its beginning. Reads all of the tenant's entries in the index.
 *
 * @throws EcosError `ambiguous-id`
 */
export async function findEventId(
  table: Table,
  tenant: string,
  id: string,
): Promise<string | undefined> {
  const found = new Set<string>()
  const condition = { expression: 'contains(#key, :start)', name: 'event', start: `#${id}` }
  for await (const key of keysOf(table, tenant, condition)) {
    const { eventId } = notificationOf(key)
    if (isIdOf(eventId, id)) found.add(eventId)
  }
  return theOne(id, found)
}

async function* keysOf(
  { TableName, client }: Table,
  tenant: string,
  {
    expression,
    name,
    start,
  }: { readonly expression: string; readonly name: string; readonly start: string },
): AsyncGenerator<Key> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: indexes.byTenant,
      ScanIndexForward: false,
      KeyConditionExpression: 'tenant = :tenant',
      FilterExpression: expression,
      ExpressionAttributeNames: { '#key': name },
      ExpressionAttributeValues: { ':tenant': tenant, ':start': start },
    },
  )
  for await (const { Items = [] } of pages) yield* Items as Key[]
}
