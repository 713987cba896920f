import { paginateQuery } from '@aws-sdk/lib-dynamodb'
import { notifiedTypes } from '../../notifications/notified-types.ts'
import {
  type ListedNotification,
  matches,
  type NotificationFilter,
  type NotificationPage,
} from '../../operations/notification-listing.ts'
import type { Table } from './batch-get.ts'
import { eventKey, indexes, type Key, subjectKey } from './notification-keys.ts'
import { itemsOf, listNotifications, type PageOptions } from './notifications-list.ts'

/** Notifications of one event or task that are read, at most. */
const maxOfOne = 500

/**
 * A page of a tenant's notifications that people look for, with what each is about, the latest first. One word
 * may be the whole id of an event or a task: then its notifications are read by their keys, however old. All
 * else is sought among those of the time range, as far as a page reads.
 */
export async function searchNotifications(
  table: Table,
  tenant: string,
  filter: NotificationFilter,
  page: PageOptions,
): Promise<NotificationPage> {
  const [id, ...others] = filter.words ?? []
  const { from: _, ...always } = filter
  const options = { ...page, withAbout: true }
  const found = id === undefined || others.length > 0 ? [] : await withId(table, tenant, id)
  const isCut = found.length >= maxOfOne
  if (isCut && filter.username !== undefined)
    return listNotifications(table, tenant, always, options)
  const notifications = found.filter((one) => matches(one, { ...always, words: [] }))
  if (notifications.length > 0) return { notifications, ...(isCut && { isCut }) }
  return listNotifications(table, tenant, filter, options)
}

async function withId(table: Table, tenant: string, id: string): Promise<ListedNotification[]> {
  const ofEvents = notifiedTypes.map(
    (eventType) => eventKey({ tenant, eventType, eventId: id }).event,
  )
  const found = await Promise.all([
    ...ofEvents.map((event) => keysOf(table, 'event', event)),
    keysOf(table, 'subjectKey', subjectKey(tenant, id), indexes.bySubject),
  ])
  const items = await itemsOf(table, found.flat(), true)
  return (
    [...items.values()]
      // The record of an event with recipients is no notification, nor is its failure.
      .filter(({ createdAt }) => createdAt !== undefined)
      .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
  )
}

async function keysOf(
  { TableName, client }: Table,
  attribute: string,
  value: string,
  IndexName?: string,
): Promise<Key[]> {
  const pages = paginateQuery(
    { client, pageSize: maxOfOne },
    {
      TableName,
      ...(IndexName && { IndexName }),
      KeyConditionExpression: '#attribute = :value',
      ProjectionExpression: '#event, #entry',
      ExpressionAttributeNames: {
        ...{ '#attribute': attribute, '#event': 'event', '#entry': 'entry' },
      },
      ExpressionAttributeValues: { ':value': value },
    },
  )
  const keys: Key[] = []
  for await (const { Items = [] } of pages) {
    keys.push(...(Items as Key[]))
    if (keys.length >= maxOfOne) break
  }
  return keys.slice(0, maxOfOne)
}
