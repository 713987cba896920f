import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import {
  deduplicationSeconds,
  isResult,
  type NotificationKey,
  type NotificationRecord,
  type NotificationStore,
  notificationRecord,
} from '../../notifications/store.ts'
import { conditionHeld } from './conditional-write.ts'
import { claimsIn } from './notification-claims.ts'
import {
  dueKey,
  eventKey,
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
  return {
    async recordEvent(event, record) {
      // An event without recipients is listed beside the notifications.
      const handledAt = now()
      const listed = record.state === 'RECIPIENTS_NOT_FOUND' && {
        ...event,
        createdAt: handledAt,
        listedAt: listedAt(handledAt, eventKey(event)),
        stateKey: stateKey(event.tenant, record.state),
      }
      await write({ ...eventKey(event), ...listed, ...record, handledAt })
    },

    async recordFailure(event, failure) {
      await write({ ...failureKey(event), ...failure, at: now() })
    },

    async add(notification, initial) {
      const { tenant, username, subject } = notification
      const announce = (notification.announce ?? announces(tenant)) && { announce: true as const }
      const about = { ...notification, ...announce }
      const record = { ...about, ...initial, deliveries: [], attempts: 0, resend: 0 }
      const createdAt = now()
      const state = stateKey(tenant, initial.state)
      const command = new PutCommand({
        TableName: table,
        Item: {
          ...record,
          ...notificationKey(notification),
          ...(subject !== undefined && { subjectKey: subjectKey(tenant, subject) }),
          ...(initial.heldUntil !== undefined && {
            due: dueKey('held', shardOf(notification)),
            dueAt: heldAt(initial.heldUntil, notification),
          }),
          ...(announce &&
            isResult(initial.state) && {
              due: dueKey('result', shardOf(notification)),
              dueAt: createdAt,
            }),
          createdAt,
          listedAt: listedAt(createdAt, notificationKey(notification)),
          personKey: personKey(tenant, username),
          ...(state && { stateKey: state }),
          expiresAt: expiry(),
        },
        ConditionExpression: 'attribute_not_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      })
      if (await conditionHeld(client.send(command))) return record
      // If it is missing now, TTL deleted it between the two calls, and it no longer waits.
      return (await find(notification)) ?? { ...record, state: 'EXPIRED' }
    },

    find,

    async change(notification, { state, reason }) {
      const values = {
        ...stateValues(notification, state),
        reason,
        ...dueAfter(notification, state),
      }
      const held = state === 'WAIT_FOR_DISPATCH' ? {} : { heldUntil: undefined }
      await update(notificationKey(notification), { ...values, ...held }, notIn(finalBefore(state)))
    },

    async release(notification, released = {}) {
      const values = { heldUntil: undefined, due: undefined, dueAt: undefined }
      await update(notificationKey(notification), { ...values, ...released })
    },

    async announced(notification) {
      await update(notificationKey(notification), { due: undefined, dueAt: undefined })
    },

    ...claimsIn(table, client, find),
  }
}

function now(): string {
  return new Date().toISOString()
}

/** Epoch seconds, as TTL takes them. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + deduplicationSeconds
}
