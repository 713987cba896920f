import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb'
import type { SubjectStore } from '../../notifications/cancel.ts'
import { type DueNotifications, deduplicationSeconds } from '../../notifications/store.ts'
import { escapeTenant } from '../../tenant-name.ts'
import {
  dueKey,
  indexes,
  type Key,
  notificationOf,
  shards,
  subjectKey,
} from './notification-keys.ts'

/** Notifications of one shard that one run takes: a bound for the invocation. */
const maxDuePerShard = 1000

export function createDueNotifications(
  TableName: string,
  client: DynamoDBDocumentClient,
): DueNotifications {
  return {
    async *due(kind, now) {
      for (const shard of shards) {
        const keys = await query({ TableName, client }, indexes.byDue, maxDuePerShard, {
          KeyConditionExpression: 'due = :due AND dueAt <= :now',
          ExpressionAttributeValues: { ':due': dueKey(kind, shard), ':now': now.toISOString() },
        })
        if (keys.length > 0) yield keys.map(notificationOf)
      }
    },
  }
}

/** Closed subjects are items of the notifications table, with the key `<tenant>#subject#<id>`, `closed`. */
export function createSubjectStore(
  TableName: string,
  client: DynamoDBDocumentClient,
): SubjectStore {
  const keyOf = (tenant: string, subject: string) => {
    return { event: `${escapeTenant(tenant)}#subject#${subject}`, entry: 'closed' }
  }
  return {
    async close({ tenant, eventType }, subject) {
      const expiresAt = Math.floor(Date.now() / 1000) + deduplicationSeconds
      const Item = { ...keyOf(tenant, subject), by: eventType, expiresAt }
      await client.send(new PutCommand({ TableName, Item }))
    },

    async isClosed(tenant, subject) {
      const Key = keyOf(tenant, subject)
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
      return Item !== undefined
    },

    async notificationsOf(tenant, subject) {
      const keys = await query({ TableName, client }, indexes.bySubject, Infinity, {
        KeyConditionExpression: 'subjectKey = :subject',
        ExpressionAttributeValues: { ':subject': subjectKey(tenant, subject) },
      })
      return keys.map(notificationOf)
    },
  }
}

interface Condition {
  readonly KeyConditionExpression: string
  readonly ExpressionAttributeValues: Record<string, string>
}

async function query(
  { TableName, client }: { TableName: string; client: DynamoDBDocumentClient },
  IndexName: string,
  limit: number,
  condition: Condition,
): Promise<Key[]> {
  const keys: Key[] = []
  for await (const page of paginateQuery({ client }, { TableName, IndexName, ...condition })) {
    keys.push(...((page.Items ?? []) as Key[]))
    if (keys.length >= limit) break
  }
  return keys.slice(0, limit)
}
