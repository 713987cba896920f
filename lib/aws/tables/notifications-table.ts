import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Notification } from '../../notifications/notification.ts'
import {
  deduplicationSeconds,
  isResult,
  type NewNotification,
  type NotificationKey,
  type NotificationRecord,
  type NotificationStore,
  notificationRecord,
} from '../../notifications/store.ts'
import { conditionHeld } from './conditional-write.ts'
import { insertAll } from './insert-all.ts'
import { claimsIn } from './notification-claims.ts'
import {
  dueKey,
  failureKey,
  heldAt,
  type Key,
  listedAt,
  notificationKey,
  personKey,
  shardOf,
  stateKey,
  subjectKey,
} from './notification-keys.ts'
import {
  type Change,
  dueAfter,
  finalBefore,
  notIn,
  stateValues,
  updateOf,
} from './notification-updates.ts'
import { updateAll } from './update-all.ts'

/**
 * Notifications in a table with the partition key `event`, `<tenant>#<type>#<event id>`, and the sort
 * key `entry`: `event` for the event's own record, `failure` for its latest failure,
 * `notification#<id>` for each notification, so that one query returns an event's whole story. With an
 * id of up to 256 characters the key stays below DynamoDB's 2048 bytes. `expiresAt` is the table's TTL.
 *
 * @param announces which tenants ask for the results of the notifications that are added
 */
export function createNotificationStore(
  table: string,
  client: DynamoDBDocumentClient,
  announces: (tenant: string) => boolean = () => false,
): NotificationStore {
  const find = async (notification: NotificationKey): Promise<NotificationRecord | undefined> => {
    const Key = notificationKey(notification)
    const command = new GetCommand({ TableName: table, Key, ConsistentRead: true })
    const { Item } = await client.send(command)
    return Item && notificationRecord.parse(Item)
  }
  const update = (...change: Change) => conditionHeld(client.send(updateOf(table, ...change)))
  const write = (item: Record<string, unknown> & Key) =>
    client.send(new PutCommand({ TableName: table, Item: { ...item, expiresAt: expiry() } }))
  const recordOf = ({ notification, initial }: NewNotification): NotificationRecord => {
    const announce = notification.announce ?? announces(notification.tenant)
    return {
      ...{ ...notification, ...(announce && { announce }), ...initial },
      ...{ deliveries: [], attempts: 0, resend: 0 },
    }
  }
  return {
    async recordFailure(event, failure) {
      await write({ ...failureKey(event), ...failure, at: now() })
    },

    async add(notification, initial) {
      const record = recordOf({ notification, initial })
      const command = new PutCommand({
        TableName: table,
        Item: itemOf(record),
        ConditionExpression: 'attribute_not_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      })
      if (await conditionHeld(client.send(command))) return record
      // If it is missing now, TTL deleted it between the two calls, and it no longer waits.
      return (await find(notification)) ?? { ...record, state: 'EXPIRED' }
    },

    async addAll(all) {
      const records = all.map(recordOf)
      const isNew = await insertAll(table, client, records.map(itemOf))
      return records.map((record, index) => (isNew[index] ? record : undefined))
    },

    find,

    async change(notification, { state, reason, heldUntil, awaits, digest }) {
      const values = {
        ...stateValues(notification, state),
        reason,
        ...dueAfter(notification, state),
        ...(state !== 'WAIT_FOR_DISPATCH' && { heldUntil: undefined }),
        ...(heldUntil !== undefined && {
          ...{ heldUntil, awaits, digest, ...dueHeld(notification, heldUntil) },
          expiresAt: expiry(heldUntil),
        }),
      }
      await update(notificationKey(notification), values, notIn(finalBefore(state)))
    },

    async hold(notification, until) {
      const dueAt = heldAt(until, notification)
      await update(
        notificationKey(notification),
        { heldUntil: until, dueAt },
        {
          text: '#state = :waiting AND #heldUntil = :seen',
          names: { '#state': 'state' },
          values: { ':waiting': 'WAIT_FOR_DISPATCH', ':seen': notification.heldUntil },
        },
      )
    },

    async releaseAll(all) {
      const ended = { heldUntil: undefined, releasedAt: now(), due: undefined, dueAt: undefined }
      const updates = all.map(({ notification, ...released }) => {
        return { key: notificationKey(notification), values: { ...ended, ...released } }
      })
      return updateAll(table, client, updates)
    },

    async announced(notification) {
      await update(notificationKey(notification), { due: undefined, dueAt: undefined })
    },

    ...claimsIn(table, client, find),
  }
}

/** The item of a notification that is stored for the first time. */
function itemOf(record: NotificationRecord): Record<string, unknown> & Key {
  const { tenant, username, subject, state, heldUntil, announce } = record
  const createdAt = now()
  const inState = stateKey(tenant, state)
  return {
    ...record,
    ...notificationKey(record),
    ...(subject !== undefined && { subjectKey: subjectKey(tenant, subject) }),
    ...(heldUntil !== undefined && dueHeld(record, heldUntil)),
    ...(announce &&
      isResult(state) && { due: dueKey('result', shardOf(record)), dueAt: createdAt }),
    createdAt,
    listedAt: listedAt(createdAt, notificationKey(record)),
    personKey: personKey(tenant, username),
    ...(inState && { stateKey: inState }),
    expiresAt: expiry(heldUntil),
  }
}

/** The entry in the index `byDue` of a notification that is held. */
function dueHeld(notification: Notification, heldUntil: string) {
  return { due: dueKey('held', shardOf(notification)), dueAt: heldAt(heldUntil, notification) }
}

function now(): string {
  return new Date().toISOString()
}

/**
 * Epoch seconds, as TTL takes them.
 *
 * @param heldUntil ISO 8601: a notification is remembered from then on
 */
function expiry(heldUntil = now()): number {
  const from = Math.max(Date.now(), Date.parse(heldUntil))
  return Math.floor(from / 1000) + deduplicationSeconds
}
