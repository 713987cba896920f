import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import type {
  ListedNotification,
  NotificationFilter,
  NotificationPage,
} from '../../operations/notification-listing.ts'
import { batchGet, type Table } from './batch-get.ts'
import { indexes, type Key, personKey, stateKey } from './notification-keys.ts'

export interface PageOptions {
  /** Notifications on the page, at most. */
  readonly limit: number
  /** The former page's `before`. */
  readonly before?: string | undefined
}

type IndexEntry = Key & { readonly listedAt: string }

/** Entries that a page reads beyond its limit, at most, however few match the filter. */
const maxRead = 2_000

/** Entries read at a time if a filter selects among them: as many as BatchGetItem takes. */
const stride = 100

const names = [
  ...['event', 'entry', 'createdAt', 'state', 'eventType', 'eventId', 'notificationId'],
  ...['username', 'channel', 'reason', 'attempts'],
]

/** The attributes that are listed, and the key. */
export const listedAttributes = {
  ProjectionExpression: names.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
}

/**
 * A page of a tenant's notifications, the latest first. Reads the entries of an index, which lags by
 * moments, and then the items that they name. With a state that has no index, or with a person's state,
 * it selects among what it reads: until the page is full, or it has read `maxRead` too many.
 *
 * @param options `before` may also be a time in ISO 8601
 */
export async function listNotifications(
  table: Table,
  tenant: string,
  filter: NotificationFilter,
  { limit, before }: PageOptions,
): Promise<NotificationPage> {
  const index = indexFor(tenant, filter)
  const found: { at: string; one: ListedNotification }[] = []
  let from = before
  for (let read = 0; ; ) {
    const entries = await entriesOf(
      table,
      index,
      index.isExact ? limit - found.length : stride,
      from,
    )
    const items = await itemsOf(table, entries)
    for (const { event, entry, listedAt } of entries) {
      const one = items.get(JSON.stringify([event, entry]))
      if (one && matches(one, filter)) found.push({ at: listedAt, one })
    }
    read += entries.length
    from = entries.at(-1)?.listedAt
    const isFull = found.length >= limit
    if (!isFull && from !== undefined && read < limit + maxRead) continue
    const page = found.slice(0, limit)
    const next = isFull ? page.at(-1)?.at : from
    return { notifications: page.map(({ one }) => one), ...(next && { before: next }) }
  }
}

interface Index {
  readonly name: string
  readonly attribute: string
  readonly value: string
  /** Whether each of its entries matches the filter. */
  readonly isExact: boolean
}

function indexFor(tenant: string, { username, state }: NotificationFilter): Index {
  if (username !== undefined) {
    const value = personKey(tenant, username)
    return { name: indexes.byPerson, attribute: 'personKey', value, isExact: state === undefined }
  }
  const indexed = state && stateKey(tenant, state)
  if (indexed !== undefined)
    return { name: indexes.byState, attribute: 'stateKey', value: indexed, isExact: true }
  return {
    name: indexes.byTenant,
    attribute: 'tenant',
    value: tenant,
    isExact: state === undefined,
  }
}

async function entriesOf(
  { TableName, client }: Table,
  { name, attribute, value }: Index,
  Limit: number,
  before: string | undefined,
): Promise<IndexEntry[]> {
  const condition = before === undefined ? '' : ' AND listedAt < :before'
  const query = new QueryCommand({
    TableName,
    IndexName: name,
    ScanIndexForward: false,
    Limit,
    KeyConditionExpression: `#attribute = :value${condition}`,
    ExpressionAttributeNames: { '#attribute': attribute },
    ExpressionAttributeValues: {
      ':value': value,
      ...(before !== undefined && { ':before': before }),
    },
  })
  return ((await client.send(query)).Items ?? []) as IndexEntry[]
}

/** The items that the entries name, by their keys. */
async function itemsOf(
  table: Table,
  entries: readonly IndexEntry[],
): Promise<ReadonlyMap<string, ListedNotification>> {
  const keys = entries.map(({ event, entry }) => ({ event, entry }))
  const items = await batchGet(table, keys, listedAttributes)
  return new Map(
    items.map(({ event, entry, ...one }) => [
      JSON.stringify([event, entry]),
      one as unknown as ListedNotification,
    ]),
  )
}

/** Whether the notification has the given fields. */
export function matches(one: ListedNotification, { state, username }: NotificationFilter): boolean {
  return (
    (state === undefined || one.state === state) &&
    (username === undefined || one.username === username)
  )
}
