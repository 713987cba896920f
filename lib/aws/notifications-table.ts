import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { EventKey } from '../events/bus-event.ts'
import { type NotificationState, notificationState } from '../notifications/notification.ts'
import {
  claimSeconds,
  deduplicationDays,
  type NotificationKey,
  type NotificationStore,
} from '../notifications/store.ts'

interface Key {
  readonly event: string
  readonly entry: string
}

/**
 * Notifications in a table with the partition key `event`, `<tenant>#<type>#<event id>`, and the sort
 * key `entry`: `event` for the event's own record, `notification#<id>` for each notification. One
 * query tells an event's whole story. Of the three parts only the last may hold a `#`. With an id of
 * up to 256 characters the key stays below DynamoDB's 2048 bytes. `expiresAt` is the table's TTL.
 */
export function createNotificationStore(
  table: string,
  client: DynamoDBDocumentClient,
): NotificationStore {
  const read = async (key: Key): Promise<Record<string, unknown> | undefined> => {
    const command = new GetCommand({ TableName: table, Key: key, ConsistentRead: true })
    return (await client.send(command)).Item
  }
  const stateOf = async (notification: NotificationKey): Promise<NotificationState | undefined> => {
    const item = await read(notificationKey(notification))
    return item && notificationState.parse(item['state'])
  }
  return {
    async isHandled(event) {
      return (await read(eventKey(event))) !== undefined
    },

    async markHandled(event, record) {
      const item = { ...eventKey(event), ...record, handledAt: now(), expiresAt: expiry() }
      await client.send(new PutCommand({ TableName: table, Item: item }))
    },

    async add(notification) {
      const state = 'WAIT_FOR_DISPATCH'
      const command = new PutCommand({
        TableName: table,
        Item: {
          ...notification,
          ...notificationKey(notification),
          state,
          attempts: 0,
          createdAt: now(),
          expiresAt: expiry(),
        },
        ConditionExpression: 'attribute_not_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      })
      const added = await holds(client.send(command))
      // Between the two calls it can only have expired, and then it waits no more.
      return added ? state : ((await stateOf(notification)) ?? 'EXPIRED')
    },

    async claim(notification) {
      const epochSeconds = Math.floor(Date.now() / 1000)
      const command = new UpdateCommand({
        TableName: table,
        Key: notificationKey(notification),
        UpdateExpression: 'SET claimedUntil = :until',
        ConditionExpression:
          'attribute_exists(#entry) AND #state <> :sent AND ' +
          '(attribute_not_exists(claimedUntil) OR claimedUntil < :now)',
        ExpressionAttributeNames: { '#entry': 'entry', '#state': 'state' },
        ExpressionAttributeValues: {
          ':until': epochSeconds + claimSeconds,
          ':now': epochSeconds,
          ':sent': 'SENT',
        },
      })
      if (await holds(client.send(command))) return 'claimed'
      const state = await stateOf(notification)
      return state === undefined ? 'unknown' : state === 'SENT' ? 'sent' : 'taken'
    },

    async recordDelivery(notification, delivery) {
      const [detail, value] =
        delivery.state === 'SENT'
          ? ['providerId', delivery.providerId ?? null]
          : ['reason', delivery.reason]
      const command = new UpdateCommand({
        TableName: table,
        Key: notificationKey(notification),
        UpdateExpression:
          'SET #state = :state, #detail = :detail, attemptedAt = :now ADD attempts :one ' +
          'REMOVE claimedUntil',
        // A second sender of the same message must not take back what the first has sent.
        ConditionExpression: 'attribute_exists(#entry) AND #state <> :sent',
        ExpressionAttributeNames: { '#entry': 'entry', '#state': 'state', '#detail': detail },
        ExpressionAttributeValues: {
          ':state': delivery.state,
          ':detail': value,
          ':now': now(),
          ':one': 1,
          ':sent': 'SENT',
        },
      })
      await holds(client.send(command))
    },
  }
}

function eventKey({ tenant, eventType, eventId }: EventKey): Key {
  return { event: `${tenant}#${eventType}#${eventId}`, entry: 'event' }
}

function notificationKey(notification: NotificationKey): Key {
  return { ...eventKey(notification), entry: `notification#${notification.notificationId}` }
}

/** Whether the write's condition held. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}

function now(): string {
  return new Date().toISOString()
}

/** Epoch seconds, as TTL takes them. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + deduplicationDays * 24 * 60 * 60
}
