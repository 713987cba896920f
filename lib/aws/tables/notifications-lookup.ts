import { paginateQuery } from '@aws-sdk/lib-dynamodb'
import { notifiedTypes } from '../../notifications/notified-types.ts'
import {
  type ListedNotification,
  matches,
  type NotificationFilter,
  type NotificationPage,
} from '../../operations/notification-listing.ts'
import type { Table } from './batch-get.ts'
import { eventKey, type Key } from './notification-keys.ts'
import { listedAttributes, type PageOptions } from './notifications-list.ts'

type Item = Key & ListedNotification

/** A page of one event's notifications, in the order of their ids. */
export async function listOfEvent(
  table: Table,
  { tenant, eventId }: { readonly tenant: string; readonly eventId: string },
  filter: NotificationFilter,
  { limit, before }: PageOptions,
): Promise<NotificationPage> {
  // An id alone does not name its type.
  const events = notifiedTypes.map((eventType) => eventKey({ tenant, eventType, eventId }).event)
  const found = await Promise.all(
    events.map((event) => itemsOf(table, event, filter, { limit: limit + 1, before })),
  )
  const all = found.flat().sort((one, other) => (one.entry < other.entry ? 1 : -1))
  const page = all.slice(0, limit)
  const next = all.length > limit ? page.at(-1)?.entry : undefined
  return {
    notifications: page.map(({ event: _, entry: __, about: ___, ...one }) => one),
    ...(next && { before: next }),
  }
}

/** The items of one event that match, with the highest keys first. */
async function itemsOf(
  { TableName, client }: Table,
  event: string,
  filter: NotificationFilter,
  { limit, before }: PageOptions,
): Promise<Item[]> {
  const names = { ...listedAttributes.ExpressionAttributeNames, '#event': 'event' }
  const pages = paginateQuery(
    { client, pageSize: limit },
    {
      TableName,
      ScanIndexForward: false,
      KeyConditionExpression: `#event = :event${before === undefined ? '' : ' AND #entry < :before'}`,
      ProjectionExpression: listedAttributes.ProjectionExpression,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ':event': event,
        ...(before !== undefined && { ':before': before }),
      },
    },
  )
  const found: Item[] = []
  for await (const { Items = [] } of pages) {
    // The event's own record and its failure are no notifications; one without recipients is listed.
    const listed = (Items as Item[]).filter((one) => one.createdAt !== undefined)
    found.push(...listed.filter((one) => matches(one, filter)))
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}
