import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { DeliveryRecord } from '../../notifications/store.ts'
import {
  type ListedNotification,
  matches,
  type NotificationFilter,
  type NotificationPage,
  wordsLeft,
} from '../../operations/notification-listing.ts'
import { batchGet, type Table } from './batch-get.ts'
import { indexes, type Key, personKey, retriedKey, stateKey } from './notification-keys.ts'

export interface PageOptions {
  /** Notifications on the page, at most. */
  readonly limit: number
  /** The former page's `before`. */
  readonly before?: string | undefined
  /** Whether each is listed with what its event is about; words are sought there then. */
  readonly withAbout?: boolean
}

/** An entry of an index, which names an item. */
export type IndexEntry = Key & { readonly listedAt: string }

/** Entries that a page reads beyond its limit, at most, however few match the filter. */
const maxRead = 2_000

/** Entries read at a time if a filter selects among them: as many as BatchGetItem takes. */
const stride = 100

const names = [
  ...['event', 'entry', 'createdAt', 'state', 'eventType', 'eventId', 'notificationId'],
  ...['username', 'channel', 'reason', 'attempts', 'heldUntil', 'reminder', 'subject', 'about'],
]

/** The attributes that are listed, and the key. */
export const listedAttributes = projectionOf(names)

/** The same, with when the deliveries were. */
export const triedAttributes = projectionOf([...names, 'deliveries', 'endedAt'])

/** A search also tells whose it is, and when the last delivery was. */
const soughtAttributes = projectionOf([...names, 'tenant', 'deliveries'])

function projectionOf(attributes: readonly string[]) {
  return {
    ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  }
}

/**
 * A page of a tenant's notifications, the latest first. Reads the entries of an index, which lags by
 * moments, and then the items that they name. With a state that has no index, or other fields,
 * it selects among what it reads: until the page is full, or it has read `maxRead` too many.
 *
 * @param options `before` may also be a time in ISO 8601
 */
export async function listNotifications(
  table: Table,
  tenant: string,
  filter: NotificationFilter,
  { limit, before, withAbout = false }: PageOptions,
): Promise<NotificationPage> {
  const index = indexFor(tenant, filter)
  const found: { at: string; one: ListedNotification }[] = []
  let from = before
  let unseen = filter.words ?? []
  for (let read = 0; ; ) {
    const wanted = index.isExact ? limit - found.length : stride
    const { entries } = await entriesOf(table, index, wanted, { before: from })
    const items = await itemsOf(table, entries, withAbout)
    for (const { event, entry, listedAt } of entries) {
      const one = items.get(nameOf({ event, entry }))
      if (one && matches(one, filter)) found.push({ at: listedAt, one })
      if (one && found.length === 0) unseen = wordsLeft(unseen, one, filter)
    }
    read += entries.length
    from = entries.at(-1)?.listedAt
    if (from !== undefined && from < (filter.from ?? '')) from = undefined
    const isFull = found.length >= limit
    if (!isFull && from !== undefined && read < limit + maxRead) continue
    const page = found.slice(0, limit)
    const next = isFull ? page.at(-1)?.at : from
    return {
      notifications: page.map(({ one }) => one),
      ...(next && { before: next }),
      ...(page.length === 0 && unseen.length > 0 && { unseen }),
    }
  }
}

/** A list of entries, the latest of which are read first. */
export interface Index {
  readonly name: string
  readonly attribute: string
  readonly value: string
  /** Whether each of its entries matches the filter. */
  readonly isExact: boolean
}

export function indexFor(tenant: string, filter: NotificationFilter): Index {
  const { username, state, isRetried, ...others } = filter
  const isExact = Object.values(others).every((one) => one === undefined)
  if (username !== undefined) {
    const value = personKey(tenant, username)
    const { byPerson: name } = indexes
    return { name, attribute: 'personKey', value, isExact: isExact && state === undefined }
  }
  const indexed = isRetried ? retriedKey(tenant) : state && stateKey(tenant, state)
  if (indexed !== undefined)
    return { name: indexes.byState, attribute: 'stateKey', value: indexed, isExact }
  const isAnyState = state === undefined
  return {
    name: indexes.byTenant,
    attribute: 'tenant',
    value: tenant,
    isExact: isExact && isAnyState,
  }
}

/** Which entries are read: those from then on, and before then. */
interface Range {
  readonly from?: string | undefined
  readonly before?: string | undefined
}

/** @returns `isCut`: whether the index has more of the range */
export async function entriesOf(
  { TableName, client }: Table,
  { name, attribute, value }: Index,
  Limit: number,
  range: Range,
  first: 'latest' | 'oldest' = 'latest',
): Promise<{ entries: IndexEntry[]; isCut: boolean }> {
  const { text, values } = conditionOf(range)
  const query = new QueryCommand({
    TableName,
    IndexName: name,
    ScanIndexForward: first === 'oldest',
    Limit,
    KeyConditionExpression: `#attribute = :value${text}`,
    ExpressionAttributeNames: { '#attribute': attribute },
    ExpressionAttributeValues: { ':value': value, ...values },
  })
  const { Items = [], LastEvaluatedKey } = await client.send(query)
  const entries = (Items as IndexEntry[]).filter(({ listedAt }) => listedAt !== range.before)
  return { entries, isCut: LastEvaluatedKey !== undefined }
}

/** A key takes one condition, and BETWEEN includes both ends. */
function conditionOf({ from, before }: Range) {
  if (before === undefined)
    return from === undefined
      ? { text: '', values: {} }
      : { text: ' AND listedAt >= :from', values: { ':from': from } }
  // Nothing lies between ends in the wrong order, which DynamoDB refuses.
  return from === undefined || from >= before
    ? { text: ' AND listedAt < :before', values: { ':before': before } }
    : {
        text: ' AND listedAt BETWEEN :from AND :before',
        values: { ':from': from, ':before': before },
      }
}

/** The items that the entries name, by their keys; with what their events are about, if that is wanted. */
export async function itemsOf(
  table: Table,
  entries: readonly Key[],
  withAbout: boolean,
  attributes = withAbout ? soughtAttributes : listedAttributes,
): Promise<ReadonlyMap<string, ListedNotification>> {
  const keys = entries.map(({ event, entry }) => ({ event, entry }))
  const ofEvents = withAbout ? entries.map(({ event }) => ({ event, entry: 'event' })) : []
  const asked = new Map([...keys, ...ofEvents].map((key) => [nameOf(key), key]))
  const items = await batchGet(table, [...asked.values()], attributes)
  const found = new Map(items.map((item) => [nameOf(item as unknown as Key), item]))
  return new Map(
    keys.flatMap((key) => {
      const item = found.get(nameOf(key))
      if (item === undefined) return []
      const { event: _, entry: __, about: own, deliveries = [], endedAt, ...one } = item
      const about = own ?? found.get(nameOf({ ...key, entry: 'event' }))?.['about']
      const listed = {
        ...one,
        ...(withAbout && about !== undefined && { about }),
        ...triesOf(deliveries as readonly DeliveryRecord[], endedAt as string | undefined),
      }
      return [[nameOf(key), listed as unknown as ListedNotification]]
    }),
  )
}

/** What came before a delivery that none was to follow, or before an end, is over: it was sent again since. */
function triesOf(deliveries: readonly DeliveryRecord[], endedAt = '') {
  const last = deliveries.at(-1)
  if (last === undefined) return {}
  const end = deliveries.findLastIndex(({ at, nextAt }) => nextAt === undefined || at <= endedAt)
  const { at: triedSince } = deliveries[end + 1] ?? last
  return { lastTryAt: last.at, nextTryAt: last.nextAt, triedSince }
}

export const nameOf = ({ event, entry }: Key) => JSON.stringify([event, entry])
