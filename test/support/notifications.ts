import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { createQueues } from '../../lib/aws/sqs.ts'
import { notificationKey } from '../../lib/aws/tables/notification-keys.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import type { EventKey } from '../../lib/events/bus-event.ts'
import {
  encodeQueued,
  type Notification,
  notificationId,
  type QueuedNotification,
  type Sendable,
} from '../../lib/notifications/notification.ts'
import { pascal } from '../../lib/tenants/names.ts'
import type { Deployment } from '../../local/deploy.ts'
import { eventually, newTenant, runningStack } from './stack.ts'

const { cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)

export const notificationStore = createNotificationStore(
  deployment['NotificationsTableName'] ?? '',
  client,
)

export const subscriptionBook = createSubscriptionBook(
  deployment['SubscriptionsTableName'] ?? '',
  client,
)

/** Subscribes the notification's person to new tasks, by its channel and address. */
export async function subscribe({ tenant, username, channel, address }: Sendable) {
  const of = { tenant, username, eventType: 'task.assign' } as const
  await subscriptionBook.change(of, () => [{ channel, address }])
}

/** Every item of an event: its record, its failure, its notifications. */
export async function storyOf(
  { tenant, eventType, eventId }: EventKey,
  of: Deployment = deployment,
): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: of['NotificationsTableName'],
      KeyConditionExpression: '#event = :event',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':event': `${tenant}#${eventType}#${eventId}` },
      ConsistentRead: true,
    }),
  )
  return Items
}

/** Makes the notification's next action due now. */
export async function makeDue(notification: Notification): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: deployment['NotificationsTableName'],
      Key: notificationKey(notification),
      UpdateExpression: 'SET dueAt = :past',
      ConditionExpression: 'attribute_exists(dueAt)',
      ExpressionAttributeValues: { ':past': '2026-01-01T00:00:00.000Z' },
    }),
  )
}

/** A new notification of a new tenant; it is not stored yet. */
export function newNotification(parts: Partial<Sendable> = {}): Sendable {
  const rest = {
    tenant: newTenant(),
    eventType: 'task.create',
    eventId: 'e1',
    username: 'petrov',
    channel: 'email' as const,
    address: 'petrov@acme.example',
    ...parts,
  }
  return { ...rest, notificationId: notificationId(rest) }
}

/** A notification as the message in its channel's queue. */
export function queuedOf(
  { username: _, subject: __, announce: ___, ...notification }: Sendable,
  fields: Partial<QueuedNotification> = {},
): QueuedNotification {
  const content = { title: 't', text: 'x', html: '<p>x</p>', locale: 'ru', customData: {} }
  return { ...notification, ...content, queuedAt: new Date().toISOString(), resend: 0, ...fields }
}

/** Puts a notification into its channel's queue, as the handler of its event does. */
export async function queue(
  notification: Sendable,
  fields: Partial<QueuedNotification> = {},
): Promise<void> {
  const body = encodeQueued(queuedOf(notification, fields))
  const url = deployment[`${pascal(notification.channel)}QueueUrl`] ?? ''
  await createQueues(cloud.sqs)(url).sendAll([{ body, group: notification.tenant }])
}

/** The lines that a deployed function has logged of the notification or the event. */
export async function logged(name: string, id: string): Promise<Record<string, unknown>[]> {
  const { events = [] } = await cloud.logs.send(
    new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${deployment['BusName']}-${name}`,
      filterPattern: `"${id}"`,
    }),
  )
  const lines = events.map(({ message = '' }) => message)
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
}

/** The number of messages in a queue, in flight or delayed ones included. */
export async function countQueued(QueueUrl: string | undefined): Promise<number> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  })
  const { Attributes = {} } = await cloud.sqs.send(command)
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)
}

/** Resolves when a queue has no messages, in flight or delayed ones included. */
export async function emptied(
  queueUrl: string,
  seconds?: number,
  of: Deployment = deployment,
): Promise<void> {
  await eventually(
    () => countQueued(of[queueUrl]),
    (count) => count === 0,
    seconds,
  )
}
