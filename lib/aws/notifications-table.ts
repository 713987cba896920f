import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { EventKey } from '../events/bus-event.ts'
import type { NotificationState } from '../notifications/notification.ts'
import {
  deduplicationDays,
  deliveriesKept,
  type NotificationKey,
  type NotificationRecord,
  type NotificationStore,
  notificationRecord,
} from '../notifications/store.ts'

interface Key {
  readonly event: string
  readonly entry: string
}

/**
 * Notifications in a table with the partition key `event`, `<tenant>#<type>#<event id>`, and the sort
 * key `entry`: `event` for the event's own record, `failure` for the latest failure to handle it,
 * `notification#<id>` for each notification. One query tells an event's whole story. Of the three parts only the last may hold a `#`. With an id of
 * up to 256 characters the key stays below DynamoDB's 2048 bytes. `expiresAt` is the table's TTL.
 */
export function createNotificationStore(
  table: string,
  client: DynamoDBDocumentClient,
): NotificationStore {
  const find = async (notification: NotificationKey): Promise<NotificationRecord | undefined> => {
    const Key = notificationKey(notification)
    const command = new GetCommand({ TableName: table, Key, ConsistentRead: true })
    const { Item } = await client.send(command)
    return Item && notificationRecord.parse(Item)
  }
  /** Sets the values, and removes those that are undefined, unless the state is one of those given. */
  const update = (
    notification: NotificationKey,
    values: Readonly<Record<string, unknown>>,
    unless: readonly NotificationState[],
  ): Promise<boolean> => {
    const names = Object.keys(values)
    const given = names.filter((name) => values[name] !== undefined)
    const others = names.filter((name) => values[name] === undefined)
    const sets = given.map((name) => `#${name} = :${name}`).join(', ')
    const removes = others.map((name) => `#${name}`).join(', ')
    const states = unless.map((state) => [`:not${state}`, state] as const)
    const condition = ['attribute_exists(#entry)', ...states.map(([name]) => `#state <> ${name}`)]
    const command = new UpdateCommand({
      TableName: table,
      Key: notificationKey(notification),
      UpdateExpression: `SET ${sets}${removes && ` REMOVE ${removes}`}`,
      ConditionExpression: condition.join(' AND '),
      ExpressionAttributeNames: {
        '#entry': 'entry',
        ...(states.length > 0 && { '#state': 'state' }),
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(given.map((name) => [`:${name}`, values[name]])),
        ...Object.fromEntries(states),
      },
    })
    return holds(client.send(command))
  }
  const write = (item: Record<string, unknown> & Key) =>
    client.send(new PutCommand({ TableName: table, Item: { ...item, expiresAt: expiry() } }))
  return {
    async recordEvent(event, record) {
      await write({ ...eventKey(event), ...record, handledAt: now() })
    },

    async recordFailure(event, failure) {
      await write({ ...eventKey(event), entry: 'failure', ...failure, at: now() })
    },

    async add(notification) {
      const state = 'WAIT_FOR_DISPATCH'
      const command = new PutCommand({
        TableName: table,
        Item: {
          ...notification,
          ...notificationKey(notification),
          state,
          deliveries: [],
          attempts: 0,
          createdAt: now(),
          expiresAt: expiry(),
        },
        ConditionExpression: 'attribute_not_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      })
      if (await holds(client.send(command))) return state
      // Between the two calls it can only have expired, and then it waits no more.
      return (await find(notification))?.state ?? 'EXPIRED'
    },

    find,

    async change(notification, { state, reason, delivery }) {
      const kept = delivery && {
        deliveries: [...notification.deliveries, delivery].slice(-deliveriesKept),
        attempts: notification.attempts + 1,
        attemptedAt: delivery.at,
      }
      const final: NotificationState[] = state === 'SENT' ? ['SENT'] : ['SENT', 'CANCELLED']
      const changed = await update(notification, { state, reason, ...kept }, final)
      if (!changed && kept) await update(notification, kept, [])
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
