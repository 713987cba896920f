import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { type NotificationState, notificationState } from '../../notifications/notification.ts'
import {
  deduplicationSeconds,
  deliveriesKept,
  isResult,
  type NotificationKey,
  type NotificationRecord,
  type NotificationStore,
  notificationRecord,
} from '../../notifications/store.ts'
import { conditionHeld } from './conditional-write.ts'
import {
  dueKey,
  eventKey,
  failureKey,
  type Key,
  listedAt,
  notificationKey,
  personKey,
  shardOf,
  stateKey,
  subjectKey,
} from './notification-keys.ts'

/** Seconds that a sender has to announce a result itself, even in its last try. */
const announcedWithin = 90

/**
 * Notifications in a table with the partition key `event`, `<tenant>#<type>#<event id>`, and the sort
 * key `entry`: `event` for the event's own record, `failure` for its latest failure,
 * `notification#<id>` for each notification, so that one query returns an event's whole story. With an
 * id of up to 256 characters the key stays below DynamoDB's 2048 bytes. `expiresAt` is the table's TTL.
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
  /** Sets the given values and removes the undefined ones, unless the state is one of `unless`. */
  const update = (
    notification: NotificationKey,
    values: Readonly<Record<string, unknown>>,
    unless: readonly NotificationState[],
  ): Promise<boolean> => {
    const names = Object.keys(values)
    const given = names.filter((name) => values[name] !== undefined)
    const removed = names.filter((name) => values[name] === undefined)
    const sets = given.map((name) => `#${name} = :${name}`).join(', ')
    const removes = removed.map((name) => `#${name}`).join(', ')
    const states = unless.map((state) => [`:not${state}`, state] as const)
    const condition = ['attribute_exists(#entry)', ...states.map(([name]) => `#state <> ${name}`)]
    const command = new UpdateCommand({
      TableName: table,
      Key: notificationKey(notification),
      UpdateExpression: `${sets && `SET ${sets} `}${removes && `REMOVE ${removes}`}`,
      ConditionExpression: condition.join(' AND '),
      ExpressionAttributeNames: {
        '#entry': 'entry',
        ...(states.length > 0 && { '#state': 'state' }),
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      },
      ...(given.length + states.length > 0 && {
        ExpressionAttributeValues: {
          ...Object.fromEntries(given.map((name) => [`:${name}`, values[name]])),
          ...Object.fromEntries(states),
        },
      }),
    })
    return conditionHeld(client.send(command))
  }
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
      const record = { ...notification, ...initial, deliveries: [], attempts: 0, resend: 0 }
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
            dueAt: initial.heldUntil,
          }),
          ...(isResult(initial.state) && {
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

    async change(notification, { state, reason, delivery, lastTryAt, goesOn }) {
      const kept = delivery && {
        deliveries: [...notification.deliveries, delivery].slice(-deliveriesKept),
        attempts: notification.attempts + 1,
      }
      const isEnd = isResult(state) && !goesOn
      const due = isEnd ? dueKey('result', shardOf(notification)) : undefined
      const dueAt = due && now(announcedWithin)
      const changed = { state, stateKey: stateKey(notification.tenant, state), reason }
      const values = { ...changed, ...kept, due, dueAt, ...(lastTryAt && { lastTryAt }) }
      const final: NotificationState[] = state === 'SENT' ? ['SENT'] : ['SENT', 'CANCELLED']
      const isChanged = await update(notification, values, final)
      if (!isChanged && kept) await update(notification, kept, [])
    },

    async release(notification, digestId) {
      const values = { heldUntil: undefined, due: undefined, dueAt: undefined }
      await update(notification, { ...values, ...(digestId && { digestId }) }, [])
    },

    async announced(notification) {
      await update(notification, { due: undefined, dueAt: undefined }, [])
    },

    async reopen(notification) {
      const { state, resend } = notification
      const waiting = { state: 'WAIT_FOR_DISPATCH', stateKey: undefined, reason: undefined }
      const values = { ...waiting, resend: resend + 1 }
      const otherStates = notificationState.options.filter((other) => other !== state)
      const done = { due: undefined, dueAt: undefined, heldUntil: undefined, digestId: undefined }
      const reopened = await update(notification, { ...values, ...done }, otherStates)
      return reopened ? resend + 1 : undefined
    },
  }
}

/** @param ahead in seconds */
function now(ahead = 0): string {
  return new Date(Date.now() + ahead * 1000).toISOString()
}

/** Epoch seconds, as TTL takes them. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + deduplicationSeconds
}
