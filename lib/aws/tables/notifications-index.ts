import { type DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb'
import {
  type DueNotifications,
  type NotificationRecord,
  notificationRecord,
} from '../../notifications/store.ts'
import { batchGet, type Table } from './batch-get.ts'
import { dueKey, indexes, type Key, shards } from './notification-keys.ts'

/** Entries read at a time: as many as BatchGetItem takes. */
const pageSize = 100

/** A part has this many notifications before a digest's are divided. */
const maxPart = 300

type Entry = Key & { readonly dueAt: string }

/** A line for each shard. */
export function createDueNotifications(
  TableName: string,
  client: DynamoDBDocumentClient,
): DueNotifications {
  const table = { TableName, client }
  return {
    due: (kind, now) => shards.map((shard) => line(table, dueKey(kind, shard), now)),
    async next(kind, now, end) {
      const found = shards.map((shard) => firstBetween(table, dueKey(kind, shard), now, end))
      const times = (await Promise.all(found)).filter((time) => time !== undefined)
      return times.sort((one, other) => one.getTime() - other.getTime())[0]
    },
  }
}

async function firstBetween(
  { TableName, client }: Table,
  due: string,
  now: Date,
  end: Date,
): Promise<Date | undefined> {
  const query = new QueryCommand({
    TableName,
    IndexName: indexes.byDue,
    Limit: 1,
    KeyConditionExpression: 'due = :due AND dueAt BETWEEN :next AND :end',
    ExpressionAttributeValues: {
      ':due': due,
      ':next': momentAfter(now),
      ':end': end.toISOString(),
    },
  })
  const [entry] = ((await client.send(query)).Items ?? []) as Entry[]
  return entry && timeOf(entry)
}

function timeOf({ dueAt }: Entry): Date {
  return new Date(dueAt.split('#')[0] ?? dueAt)
}

async function* line(
  table: Table,
  due: string,
  now: Date,
): AsyncIterable<readonly NotificationRecord[]> {
  const pages = paginateQuery(
    { client: table.client, pageSize },
    {
      TableName: table.TableName,
      IndexName: indexes.byDue,
      KeyConditionExpression: 'due = :due AND dueAt < :next',
      ExpressionAttributeValues: { ':due': due, ':next': momentAfter(now) },
    },
  )
  let rest: readonly Entry[] = []
  for await (const { Items = [], LastEvaluatedKey } of pages) {
    const entries: readonly Entry[] = [...rest, ...(Items as Entry[])]
    // The last digest may go on in the next page.
    const isDivided = LastEvaluatedKey !== undefined && entries.length < maxPart
    const part = isDivided
      ? entries.filter(({ dueAt }) => dueAt !== entries.at(-1)?.dueAt)
      : entries
    rest = entries.slice(part.length)
    if (part.length > 0) yield await recordsOf(table, part)
  }
}

/** Sort keys begin with a time: `<time>#…` comes before the time that follows. */
function momentAfter(now: Date): string {
  return new Date(now.getTime() + 1).toISOString()
}

async function recordsOf(table: Table, entries: readonly Entry[]): Promise<NotificationRecord[]> {
  const keys = entries.map(({ event, entry }) => ({ event, entry }))
  const items = await batchGet(table, keys, { ConsistentRead: true })
  // An item that does not fit must not hold up the others of its line.
  return items.flatMap((item) => {
    const parsed = notificationRecord.safeParse(item)
    return parsed.success ? [parsed.data] : []
  })
}
