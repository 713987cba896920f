import { randomUUID } from 'node:crypto'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { createNotificationStore } from '../../lib/aws/notifications-table.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import { newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const notificationsTable = String(deployment['NotificationsTableName'])

describe('the table of notifications', () => {
  const store = createNotificationStore(notificationsTable, client)
  // As long as a key may get: an id of 256 characters of three bytes each.
  const newEvent = () => ({
    tenant: newTenant(),
    eventType: 'task.create',
    eventId: `${randomUUID()}#`.padEnd(256, '任'),
  })
  const newNotification = () => ({
    ...newEvent(),
    notificationId: 'a'.repeat(64),
    username: 'иванов',
    channel: 'email' as const,
    address: 'иванов@acme.example',
  })

  it('remembers that an event was handled', async () => {
    const event = newEvent()
    expect(await store.isHandled(event)).toBe(false)
    await store.markHandled(event, { state: 'HANDLED', recipients: 1, notifications: 1 })
    expect(await store.isHandled(event)).toBe(true)
    expect(await store.isHandled({ ...event, eventType: 'task.delete' })).toBe(false)
  })

  it('adds a notification once, and says the state of one that is there', async () => {
    const notification = newNotification()
    expect(await store.add(notification)).toBe('WAIT_FOR_DISPATCH')
    expect(await store.add(notification)).toBe('WAIT_FOR_DISPATCH')
    await store.recordDelivery(notification, { state: 'SENT', providerId: 'p1' })
    expect(await store.add(notification)).toBe('SENT')
  })

  it('is claimed by one sender at a time, until that one has recorded what came of it', async () => {
    const notification = newNotification()
    expect(await store.claim(notification)).toBe('unknown')
    await store.add(notification)
    const claims = await Promise.all([1, 2, 3].map(() => store.claim(notification)))
    expect(claims.sort()).toEqual(['claimed', 'taken', 'taken'])
    await store.recordDelivery(notification, { state: 'WAIT_FOR_DISPATCH', reason: 'SMTP 451' })
    expect(await store.claim(notification)).toBe('claimed')
    await store.recordDelivery(notification, { state: 'SENT' })
    expect(await store.claim(notification)).toBe('sent')
  })

  it('tells the whole story of an event in one query', async () => {
    const notification = newNotification()
    await store.add(notification)
    await store.recordDelivery(notification, { state: 'WAIT_FOR_DISPATCH', reason: 'SMTP 451' })
    await store.recordDelivery(notification, { state: 'SENT' })
    // A second sender that comes late takes nothing back.
    await store.recordDelivery(notification, { state: 'ERROR', reason: 'SMTP 550' })
    await store.markHandled(notification, { state: 'HANDLED', recipients: 1, notifications: 1 })

    const { tenant, eventType, eventId, notificationId } = notification
    const { Items } = await client.send(
      new QueryCommand({
        TableName: notificationsTable,
        KeyConditionExpression: '#event = :event',
        ExpressionAttributeNames: { '#event': 'event' },
        ExpressionAttributeValues: { ':event': `${tenant}#${eventType}#${eventId}` },
      }),
    )
    const inDays = (seconds: number) => (seconds - Date.now() / 1000) / 86_400
    expect(Items).toEqual([
      expect.objectContaining({ entry: 'event', state: 'HANDLED', recipients: 1 }),
      expect.objectContaining({
        ...notification,
        entry: `notification#${notificationId}`,
        state: 'SENT',
        attempts: 2,
        reason: 'SMTP 451',
        providerId: null,
      }),
    ])
    for (const item of Items ?? []) expect(inDays(item['expiresAt'])).toBeCloseTo(30, 1)
  })

  it('makes no record of a delivery of what it does not know', async () => {
    const notification = newNotification()
    await store.recordDelivery(notification, { state: 'SENT' })
    expect(await store.claim(notification)).toBe('unknown')
  })
})

describe('a queue', () => {
  it('takes more messages, and more bytes, than one call does', async () => {
    const url = await createQueue(cloud.sqs)
    const messages = Array.from({ length: 23 }, (_, index) => ({
      body: String(index).padEnd(100_000, '.'),
      group: 'acme',
    }))
    await createQueues(cloud.sqs)(url).sendAll(messages)
    const bodies = new Set<string>()
    for (let calls = 0; calls < 50 && bodies.size < messages.length; calls += 1) {
      for (const { Body = '' } of await receive(url)) bodies.add(Body)
    }
    expect([...bodies].sort()).toEqual(messages.map(({ body }) => body).sort())
    await cloud.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
  })

  it('brings a message again when it was asked to', async () => {
    const url = await createQueue(cloud.sqs)
    const queue = createQueues(cloud.sqs)(url)
    await queue.sendAll([{ body: 'x', group: 'acme' }])
    const [message] = await receive(url)
    expect(await receive(url)).toEqual([])
    await queue.postpone(String(message?.ReceiptHandle), 0)
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['x'])
    await cloud.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
  })
})

async function createQueue(sqs: SQSClient): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }))
  return QueueUrl
}

async function receive(url: string) {
  const all = { QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }
  return (await cloud.sqs.send(new ReceiveMessageCommand(all))).Messages ?? []
}
