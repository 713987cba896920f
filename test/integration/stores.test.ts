import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Context } from 'aws-lambda'
import { createQueues } from '../../lib/aws/sqs.ts'
import { createEventRecords } from '../../lib/aws/tables/events-table.ts'
import { createOnce } from '../../lib/aws/tables/idempotency.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { createWitness } from '../../lib/aws/tables/witness-table.ts'
import { EcosError } from '../../lib/errors.ts'
import type { NotificationState } from '../../lib/notifications/notification.ts'
import type { NotificationRecord } from '../../lib/notifications/store.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const notificationsTable = String(deployment['NotificationsTableName'])

/** Repeats each call, as the SDK does where an answer is lost. */
function repeating(documents: DynamoDBDocumentClient): DynamoDBDocumentClient {
  return Object.assign(Object.create(documents), {
    async send(command: Parameters<DynamoDBDocumentClient['send']>[0]) {
      await documents.send(command)
      return documents.send(command)
    },
  })
}

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

  const storyOf = async ({ tenant, eventType, eventId }: ReturnType<typeof newEvent>) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: notificationsTable,
        KeyConditionExpression: '#event = :event',
        ExpressionAttributeNames: { '#event': 'event' },
        ExpressionAttributeValues: { ':event': `${tenant}#${eventType}#${eventId}` },
      }),
    )
    return Items ?? []
  }
  /** A delivery of that minute. */
  const failed = (minute: number) =>
    ({ at: `2026-11-25T10:${minute}:00Z`, outcome: 'transient', reason: `SMTP ${minute}` }) as const
  const waits = { state: 'WAIT_FOR_DISPATCH' } as const
  const found = async (notification: ReturnType<typeof newNotification>) => {
    const record = await store.find(notification)
    if (!record) throw new Error('nothing is stored')
    return record
  }

  it('adds a notification once, and says the state of one that is there', async () => {
    const notification = newNotification()
    expect(await store.find(notification)).toBeUndefined()
    expect(await store.add(notification, waits)).toMatchObject(waits)
    expect(await store.add(notification, waits)).toMatchObject(waits)
    const waiting = {
      ...notification,
      createdAt: expect.any(String),
      state: 'WAIT_FOR_DISPATCH',
      deliveries: [],
      attempts: 0,
      resend: 0,
    }
    expect(await found(notification)).toEqual(waiting)
    await store.change(await found(notification), { state: 'SENT' })
    expect(await store.add(notification, waits)).toMatchObject({ state: 'SENT' })
  })

  it('adds many at once, and says which of them are new', async () => {
    const all = Array.from({ length: 60 }, (_, index) => ({
      notification: { ...newNotification(), notificationId: String(index).padStart(64, '0') },
      initial: waits,
    }))
    const [known, ...others] = all
    if (!known) return
    await store.add(known.notification, { state: 'ERROR', reason: 'x' })
    const added = await store.addAll(all)
    expect(added.map((record) => record !== undefined)).toEqual([false, ...others.map(() => true)])
    expect(await found(known.notification)).toMatchObject({ state: 'ERROR', reason: 'x' })
    for (const { notification } of others.slice(0, 3)) {
      expect(await found(notification)).toEqual({
        ...{ ...notification, ...waits },
        ...{ deliveries: [], attempts: 0, resend: 0, createdAt: expect.any(String) },
      })
    }
  })

  it('keeps what is SENT so, and what is CANCELLED unless it was sent all the same', async () => {
    const notification = newNotification()
    await store.add(notification, waits)
    const stateAfter = async (state: NotificationState) => {
      await store.change(await found(notification), { state })
      return (await found(notification)).state
    }
    expect(await stateAfter('CANCELLED')).toBe('CANCELLED')
    expect(await stateAfter('WAIT_FOR_DISPATCH')).toBe('CANCELLED')
    expect(await stateAfter('SENT')).toBe('SENT')
    expect(await stateAfter('ERROR')).toBe('SENT')
  })

  it('keeps the latest deliveries, and counts them all', async () => {
    const notification = newNotification()
    await store.add(notification, waits)
    for (let minute = 0; minute < 52; minute += 1) {
      const { reason } = failed(minute)
      const outcome = { state: 'WAIT_FOR_DISPATCH', reason, delivery: failed(minute) } as const
      await store.settle(await found(notification), { ...outcome, goesOn: true })
    }
    const record = await found(notification)
    expect(record).toMatchObject({ attempts: 52, reason: 'SMTP 51' })
    expect(record.deliveries).toHaveLength(50)
    expect([record.deliveries.at(0), record.deliveries.at(-1)]).toEqual([failed(2), failed(51)])
  })

  it('holds what is held until a later time, unless it was released or has ended', async () => {
    const [until, later] = ['2026-11-25T08:00:00.000Z', '2026-11-25T10:00:00.000Z']
    const notification = newNotification()
    const record = await store.add(notification, { state: 'WAIT_FOR_DISPATCH', heldUntil: until })
    await store.hold(record, later)
    expect(await store.find(notification)).toMatchObject({ heldUntil: later })
    const [item] = (await storyOf(notification)).filter(({ entry }) => entry !== 'event')
    expect(item?.['dueAt']).toMatch(new RegExp(`^${later}#`))
    // Of another run, which read the record before.
    await store.hold(record, until)
    expect(await store.find(notification)).toMatchObject({ heldUntil: later })
    await store.releaseAll([{ notification }])
    await store.hold({ ...record, heldUntil: later }, until)
    expect((await store.find(notification))?.heldUntil).toBeUndefined()
  })

  it('holds what failed planning once it is planned', async () => {
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString()
    const notification = newNotification()
    const record = await store.add(notification, { state: 'ERROR', reason: 'template-failed' })
    const held = { state: 'WAIT_FOR_DISPATCH', heldUntil: until, digest: true } as const
    await store.change(record, held)
    const found = await store.find(notification)
    expect(found).toMatchObject(held)
    expect(found?.reason).toBeUndefined()
    const [item] = (await storyOf(notification)).filter(({ entry }) => entry !== 'event')
    expect(item?.['dueAt']).toMatch(new RegExp(`^${until}#`))
    expect(item?.['due']).toEqual(expect.any(String))
    expect(item?.['expiresAt']).toBeGreaterThan(Date.parse(until) / 1000 + 29 * 86_400)
  })

  it('tells the whole story of an event in one query', async () => {
    const notification = newNotification()
    await store.add(notification, waits)
    const waiting = { state: 'WAIT_FOR_DISPATCH', reason: 'SMTP 10', delivery: failed(10) } as const
    await store.settle(await found(notification), { ...waiting, goesOn: true })
    const sent = { at: '2026-11-25T10:20:00Z', outcome: 'sent', providerId: 'p1' } as const
    await store.settle(await found(notification), { state: 'SENT', delivery: sent })
    // A second sender that comes late takes nothing back, and what it did is on record.
    const late = { state: 'ERROR', reason: 'SMTP 30', delivery: failed(30) } as const
    await store.settle(await found(notification), late)
    await store.recordFailure(notification, { code: 'crash', reason: 'x', tries: 1 })
    await store.recordFailure(notification, { code: 'crash', reason: 'x', tries: 2 })
    const events = createEventRecords(notificationsTable, client)
    expect(await events.find(notification)).toBeUndefined()
    const handled = { state: 'HANDLED', recipients: 1, notifications: 1 } as const
    await events.record(notification, handled)
    expect(await events.find(notification)).toEqual(handled)
    expect(await events.find({ ...notification, again: 'again-1' })).toBeUndefined()

    const inDays = (seconds: number) => (seconds - Date.now() / 1000) / 86_400
    const story = await storyOf(notification)
    expect(story).toEqual([
      expect.objectContaining({ entry: 'event', state: 'HANDLED', recipients: 1 }),
      expect.objectContaining({ entry: 'failure', code: 'crash', reason: 'x', tries: 2 }),
      expect.objectContaining({
        ...notification,
        entry: `notification#${notification.notificationId}`,
        state: 'SENT',
        attempts: 3,
        deliveries: [failed(10), sent, failed(30)],
      }),
    ])
    expect(story[2]).not.toHaveProperty('reason')
    for (const item of story) expect(inDays(item['expiresAt'])).toBeCloseTo(30, 1)
  })

  it('makes no record of a delivery of what it does not know', async () => {
    const notification = newNotification()
    const record = {
      ...notification,
      state: 'ERROR',
      deliveries: [],
      attempts: 0,
      resend: 0,
    } as const
    expect(await store.settle(record, { state: 'SENT', delivery: failed(10) })).toBeUndefined()
    expect(await storyOf(notification)).toEqual([])
  })
})

describe('a claim of a notification', () => {
  const store = createNotificationStore(notificationsTable, client)
  const claimFor = (seconds: number) => ({
    id: randomUUID(),
    at: new Date().toISOString(),
    until: new Date(Date.now() + seconds * 1000).toISOString(),
  })
  const delivered = (outcome: 'sent' | 'transient' | 'permanent') =>
    ({ at: new Date().toISOString(), outcome, reason: 'x' }) as const
  async function stored() {
    const [tenant, eventId] = [newTenant(), randomUUID()]
    const whose = { username: 'ivanov', channel: 'email', address: 'ivanov@acme.example' } as const
    const key = { tenant, eventType: 'task.create', eventId, notificationId: 'a'.repeat(64) }
    const waits = { state: 'WAIT_FOR_DISPATCH' } as const
    return store.add({ ...key, ...whose }, waits)
  }
  const found = async (record: NotificationRecord) => {
    const now = await store.find(record)
    if (!now) throw new Error('nothing is stored')
    return now
  }

  it('is given to one of many that ask at once', async () => {
    const record = await stored()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => store.claim(record, claimFor(600))),
    )
    const [claimed, ...others] = answers.filter((one) => one !== undefined)
    expect(others).toEqual([])
    expect((await found(record)).claim).toEqual(claimed?.claim)
  })

  it('ends with the outcome, and the next one is another', async () => {
    const first = await store.claim(await stored(), claimFor(600))
    if (!first) throw new Error('not claimed')
    const outcome = { state: 'WAIT_FOR_DISPATCH', delivery: delivered('transient') } as const
    expect(await store.settle(first, { ...outcome, goesOn: true })).toBe('WAIT_FOR_DISPATCH')
    const after = await found(first)
    expect([after.claim, after.attempts, after.endedAt]).toEqual([undefined, 1, undefined])
    expect(await store.claim(first, claimFor(600))).toBeUndefined()
    expect(await store.claim(after, claimFor(600))).toBeDefined()
  })

  it('that has passed to another keeps an outlived sender from writing over it, unless that one sent', async () => {
    const record = await stored()
    const first = await store.claim(record, claimFor(-1))
    const second = await store.claim(await found(record), claimFor(600))
    if (!first || !second) throw new Error('not claimed')
    const refused = { state: 'ERROR', reason: 'x', delivery: delivered('permanent') } as const
    expect(await store.settle(first, refused)).toBe('WAIT_FOR_DISPATCH')
    expect(await found(record)).toMatchObject({ claim: second.claim, attempts: 1 })
    const sent = { state: 'SENT', delivery: delivered('sent') } as const
    expect(await store.settle(first, sent)).toBe('SENT')
    expect(await store.settle(second, refused)).toBe('SENT')
    const end = await found(record)
    expect([end.state, end.claim]).toEqual(['SENT', undefined])
  })

  it('that has passed to another records the outlived delivery once, however often the call is repeated', async () => {
    const record = await stored()
    const first = await store.claim(record, claimFor(-1))
    await store.claim(await found(record), claimFor(600))
    if (!first) throw new Error('not claimed')
    const refused = { state: 'ERROR', reason: 'x', delivery: delivered('permanent') } as const
    await createNotificationStore(notificationsTable, repeating(client)).settle(first, refused)
    const { attempts, deliveries } = await found(record)
    expect([attempts, deliveries]).toEqual([1, [refused.delivery]])
  })

  it('keeps the notification from being reopened until its time is over', async () => {
    const record = await stored()
    await store.change(record, { state: 'ERROR' })
    const running = await store.claim(await found(record), claimFor(600))
    expect(await store.reopen(await found(record))).toBeUndefined()
    if (!running) throw new Error('not claimed')
    await store.settle(running, { state: 'ERROR', delivery: delivered('permanent') })
    await store.claim(await found(record), claimFor(-1))
    expect(await store.reopen(await found(record))).toBe(1)
    const { state, claim, endedAt } = await found(record)
    expect([state, claim, endedAt]).toEqual(['WAIT_FOR_DISPATCH', undefined, undefined])
  })

  it('of a last receive says already what the notification is if its sender dies', async () => {
    const record = await stored()
    await store.claim(record, claimFor(600), { state: 'UNCERTAIN', reason: 'it died' })
    expect(await found(record)).toMatchObject({ state: 'UNCERTAIN', reason: 'it died' })
  })

  it('meets a cancellation: CANCELLED stays, and the delivery is on record', async () => {
    const record = await stored()
    const claimed = await store.claim(record, claimFor(600))
    if (!claimed) throw new Error('not claimed')
    await store.change(record, { state: 'CANCELLED' })
    const refused = { state: 'ERROR', delivery: delivered('permanent') } as const
    expect(await store.settle(claimed, refused)).toBe('CANCELLED')
    const after = await found(record)
    expect([after.state, after.claim, after.attempts]).toEqual(['CANCELLED', undefined, 1])
  })
})

describe('what is to be done once', () => {
  /** A table as docs/tenant-functions.md asks for it. */
  const TableName = `once-${randomUUID()}`
  const once = createOnce(TableName, client)
  beforeAll(async () => {
    await cloud.dynamoDb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    )
  })
  afterAll(async () => {
    await cloud.dynamoDb.send(new DeleteTableCommand({ TableName }))
  })
  /** A function with so many milliseconds to live. */
  const lasting = (milliseconds: number) =>
    ({ functionName: 'test', getRemainingTimeInMillis: () => milliseconds }) as Context
  const newKey = () => [randomUUID(), 'a#b']
  /** Work that says when it has begun, and ends when it is told to. */
  function gated() {
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()]
    const work = () => {
      begun.resolve()
      return end.promise
    }
    return { begun: begun.promise, end, work }
  }

  it('is done once', async () => {
    const key = newKey()
    let done = 0
    const work = async () => {
      done += 1
      return 'done'
    }
    expect(await once(key, lasting(600_000), work)).toBe('done')
    expect(await once(key, lasting(600_000), work)).toBe('duplicate')
    expect(await once([...key, 'x'], lasting(600_000), work)).toBe('done')
    expect(done).toBe(2)
  })

  it('is done by one at a time, and again when that one fails', async () => {
    const key = newKey()
    const { begun, end, work } = gated()
    const first = once(key, lasting(600_000), work)
    await begun
    const second = once(key, lasting(600_000), async () => 'second')
    await expect(second).rejects.toMatchObject({ code: 'under-way' })
    end.reject(new EcosError('bus-down', 'x'))
    await expect(first).rejects.toMatchObject({ code: 'bus-down' })
    expect(await once(key, lasting(600_000), async () => 'third')).toBe('third')
  })

  it('is done again once the deadline of one that died has passed', async () => {
    const key = newKey()
    const { begun, end, work } = gated()
    const dead = once(key, lasting(1), work)
    await begun
    const answer = await eventually(
      () => once(key, lasting(600_000), async () => 'again').catch(({ code }) => code),
      (answer) => answer !== 'under-way',
    )
    end.resolve('too late')
    await dead
    expect(answer).toBe('again')
  })
})

describe('the tries of a message', () => {
  const witness = createWitness(notificationsTable, repeating(client))

  it('count those before that began and never ended, each once', async () => {
    const id = randomUUID()
    expect(await witness.begin(id, 4)).toBe(0)
    expect(await witness.begin(id, 5)).toBe(1)
    expect(await witness.begin(id, 6)).toBe(2)
    await witness.end(id)
    expect(await witness.begin(id, 7)).toBe(0)
  })

  it('leave out one that was withdrawn', async () => {
    const id = randomUUID()
    await witness.withdraw(id, 4)
    await witness.begin(id, 5)
    await witness.begin(id, 6)
    await witness.withdraw(id, 6)
    expect(await witness.begin(id, 7)).toBe(1)
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
