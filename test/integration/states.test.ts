import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import { createKept } from '../../lib/aws/payloads.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import { preferencesKey } from '../../lib/aws/tables/subscriptions-items.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { readMails } from '../../local/mail.ts'
import { busEvent } from '../support/bus-event.ts'
import {
  emptied,
  makeDue,
  newNotification,
  notificationStore,
  queue,
  queuedOf,
  storyOf,
  subscribe,
} from '../support/notifications.ts'
import { resting } from '../support/resting.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment, inboxUrl } = runningStack()
const seconds = 1000

/** The messages of a dead-letter queue that have the text in their bodies, once there is one. */
const restingWith = (dlq: string, text: string) =>
  resting(deployment[dlq], (body) => body.includes(text))

async function mailsTo(address: string) {
  const mails = await readMails(inboxUrl)
  return mails.filter(({ to }) => to.some((one) => one.address === address))
}

interface Announcement {
  readonly detail: {
    readonly type: string
    readonly data: { readonly notificationId?: string }
  }
}

/** What the bus says of the notification. */
async function resultOn(tap: EventTap, notificationId?: string): Promise<Announcement | undefined> {
  return eventually(
    async () =>
      (await tap.take())
        .map((text): Announcement => JSON.parse(text))
        .find(({ detail }) => detail.data.notificationId === notificationId),
    (result) => result !== undefined,
  )
}

/** Puts an event into a handler's queue, as a rule does. Its id is `e1`. */
async function sendEvent(queueUrl: string, tenant: string, type: string, data: object) {
  const body = busEvent(tenant, type, 'e1', data)
  await createQueues(cloud.sqs)(deployment[queueUrl] ?? '').sendAll([{ body, group: tenant }])
}

describe('a notification', () => {
  it(
    'that is out of time is EXPIRED and rests in the dead-letter queue, and was not sent',
    async () => {
      const address = `${newTenant()}@acme.example`
      const notification = newNotification({ address })
      await notificationStore.add(notification, { state: 'WAIT_FOR_DISPATCH' })
      await queue(notification, { queuedAt: '2026-01-01T00:00:00.000Z' })

      const [letter, ...others] = await restingWith('EmailDlqUrl', notification.notificationId)
      expect(others).toEqual([])
      expect(letter?.MessageAttributes).toMatchObject({
        ECOS_ERROR_CODE: { StringValue: 'notification-expired' },
      })
      expect(await notificationStore.find(notification)).toMatchObject({
        state: 'EXPIRED',
        reason: 'it was not delivered in time',
        attempts: 0,
      })
      expect(await mailsTo(address)).toEqual([])
    },
    300 * seconds,
  )

  it(
    'that is queued twice is sent once',
    async () => {
      const address = `${newTenant()}@acme.example`
      const notification = newNotification({ address })
      await notificationStore.add(notification, { state: 'WAIT_FOR_DISPATCH' })
      await Promise.all([queue(notification), queue(notification), queue(notification)])
      const record = await eventually(
        () => notificationStore.find(notification),
        (found) => found?.state === 'SENT',
      )
      expect(record?.deliveries).toEqual([
        {
          at: expect.any(String),
          outcome: 'sent',
          providerId: expect.any(String),
          tookMs: expect.any(Number),
        },
      ])
      await queue(notification)
      // A copy that met the delivery comes back when its claim would end.
      await emptied('EmailQueueUrl', 400)
      expect(await mailsTo(address)).toHaveLength(1)
    },
    480 * seconds,
  )
})

describe('what is due', () => {
  const kept = createKept(deployment['PayloadBucketName'] ?? '', cloud.s3)
  const lasting = { owner: 'test', retentionSeconds: 3_600 }
  const work = () =>
    cloud.lambda.send(
      new InvokeCommand({ FunctionName: `${deployment['BusName']}-due-notifications` }),
    )

  it(
    'goes out as one digest, whose end is that of its members, each announced on the bus',
    async () => {
      const [tenant, address] = [newTenant(), `${newTenant()}@acme.example`]
      const members = ['e1', 'e2'].map((eventId) =>
        newNotification({ tenant, address, eventId, announce: true }),
      )
      const heldUntil = '2026-01-01T09:00:00.000Z'
      const initial = { state: 'WAIT_FOR_DISPATCH', heldUntil, digest: true } as const
      for (const member of members) {
        await subscribe(member)
        await kept.keep(queuedOf(member, { title: `About ${member.eventId}` }))
      }
      const tap = await tapBus(cloud, deployment['BusName'] ?? '', lasting)
      try {
        // The scheduled run may take them, too: together, as one call adds both.
        await notificationStore.addAll(members.map((notification) => ({ notification, initial })))
        await Promise.all([work(), work()])
        const records = await eventually(
          () => Promise.all(members.map((member) => notificationStore.find(member))),
          (found) => found.every((record) => record?.state === 'SENT'),
        )
        const [mail, ...others] = await mailsTo(address)
        expect(others).toEqual([])
        expect(mail?.subject).toBe('Уведомления: 2')
        expect(mail?.text).toMatch(/About e1[\s\S]*About e2/)
        const [digestId] = new Set(records.map((record) => record?.digestId))
        const result = await resultOn(tap, digestId)
        expect(result?.detail).toMatchObject({
          type: 'notification.sent',
          data: { notificationId: digestId, channel: 'email', state: 'SENT', attempts: 1 },
        })
      } finally {
        await tap.remove()
      }
    },
    300 * seconds,
  )

  it(
    'is announced in place of the sender that died between a result and its announcement',
    async () => {
      const notification = newNotification({ announce: true })
      await notificationStore.add(notification, { state: 'WAIT_FOR_DISPATCH' })
      const record = await notificationStore.find(notification)
      if (!record) throw new Error('the notification is not on record')
      await notificationStore.change(record, { state: 'ERROR', reason: 'SMTP 550' })
      const tap = await tapBus(cloud, deployment['BusName'] ?? '', lasting)
      try {
        await makeDue(notification)
        await work()
        const result = await resultOn(tap, notification.notificationId)
        const { notificationId, eventType, eventId, channel } = notification
        const data = { notificationId, eventType, eventId, channel }
        expect(result?.detail).toMatchObject({
          type: 'notification.failed',
          data: { ...data, state: 'ERROR', reason: 'SMTP 550', attempts: 0 },
        })
        const isSettled = (story: readonly object[]) => story.every((item) => !('dueAt' in item))
        expect(await eventually(() => storyOf(notification), isSettled)).toHaveLength(1)
      } finally {
        await tap.remove()
      }
    },
    300 * seconds,
  )
})

describe('a task that is over', () => {
  it(
    'cancels what still waits for it, and what is made for it later',
    async () => {
      const tenant = newTenant()
      const waiting = newNotification({ tenant, subject: 'task-1' })
      const other = newNotification({ tenant, subject: 'task-2', eventId: 'e2' })
      const held = { state: 'WAIT_FOR_DISPATCH', heldUntil: '2999-01-01T00:00:00.000Z' } as const
      await notificationStore.add(waiting, held)
      await notificationStore.add(other, held)
      await sendEvent('TaskDeleteQueueUrl', tenant, 'task.delete', { taskInstanceId: 'task-1' })
      await eventually(
        () => notificationStore.find(waiting),
        (record) => record?.state === 'CANCELLED',
      )
      expect((await notificationStore.find(other))?.state).toBe('WAIT_FOR_DISPATCH')

      const late = newNotification({ tenant, subject: 'task-1', eventId: 'e3' })
      await notificationStore.add(late, { state: 'WAIT_FOR_DISPATCH' })
      await queue(late)
      await eventually(
        () => notificationStore.find(late),
        (record) => record?.state === 'CANCELLED',
      )
      expect((await notificationStore.find(late))?.deliveries).toEqual([])
    },
    300 * seconds,
  )
})

describe('an event that its handler rejects', () => {
  it(
    'rests in the dead-letter queue, and why it does is on record',
    async () => {
      const [tenant, eventId] = [newTenant(), 'e1']
      const data = { taskPooledUsers: 'no list' }
      await sendEvent('TaskCreateQueueUrl', tenant, 'task.create', data)
      const [letter] = await restingWith('TaskCreateDlqUrl', tenant)
      expect(letter?.MessageAttributes).toMatchObject({
        ECOS_ERROR_CODE: { StringValue: 'invalid-event-data' },
        ECOS_ERROR_MESSAGE: {
          StringValue: expect.stringMatching(/does not fit: taskPooledUsers$/),
        },
      })
      expect(await storyOf({ tenant, eventType: 'task.create', eventId })).toEqual([
        expect.objectContaining({
          entry: 'failure',
          code: 'invalid-event-data',
          reason: expect.stringMatching(/does not fit: taskPooledUsers$/),
          tries: 5,
        }),
      ])
    },
    300 * seconds,
  )
})

describe('the command notifications', () => {
  const run = async (...args: string[]) => {
    const env = { ...process.env, ...cloudEnvironment(process.env['AWS_ENDPOINT_URL'] ?? '') }
    const bucket = { PAYLOAD_BUCKET: deployment['PayloadBucketName'], NODE_OPTIONS: '' }
    const words = ['bin/main.ts', 'notifications', ...args]
    return promisify(execFile)(process.execPath, words, { env: { ...env, ...bucket } })
  }

  it(
    'lists and shows a notification without its address, and sends it again once',
    async () => {
      const [tenant, address] = [newTenant(), `${newTenant()}@acme.example`]
      const notification = newNotification({ tenant, address })
      const kept = createKept(deployment['PayloadBucketName'] ?? '', cloud.s3)
      await kept.keep(queuedOf(notification))
      await notificationStore.add(notification, { state: 'BLOCKED', reason: 'not there' })
      const { notificationId: id } = notification

      const { stdout: list } = await run('list', '--tenant', tenant, '--state', 'BLOCKED')
      const [header, row = '', ...more] = list.trim().split('\n')
      expect(header).toContain('NOTIFICATION')
      expect(row.trim().split(/ {2,}/).slice(1)).toEqual([
        ...['BLOCKED', 'email', 'petrov', 'task.create', 'e1', id.slice(0, 8), 'not there'],
      ])
      expect(more).toEqual([])
      const { stdout: shown } = await run('show', '--tenant', tenant, '--id', id, '--json')
      expect(JSON.parse(shown)).toMatchObject({ state: 'BLOCKED', reason: 'not there' })
      expect(list + shown).not.toContain(address)

      await run('resend', '--tenant', tenant, '--id', id)
      await eventually(
        () => notificationStore.find(notification),
        (record) => record?.state === 'SENT',
      )
      expect(await mailsTo(address)).toHaveLength(1)
      await expect(run('resend', '--tenant', tenant, '--id', id)).rejects.toMatchObject({
        stderr: expect.stringContaining('is in SENT'),
      })
    },
    300 * seconds,
  )

  it(
    'plans a notification anew that failed for what is stored of its person, once that is mended',
    async () => {
      const address = `${newTenant()}@acme.example`
      const notification = newNotification({ address })
      const { tenant, username, notificationId: id } = notification
      const table = DynamoDBDocumentClient.from(cloud.dynamoDb)
      const TableName = deployment['SubscriptionsTableName']
      const Key = preferencesKey(tenant, username)
      await subscribe(notification)
      await table.send(new PutCommand({ TableName, Item: { ...Key, preferences: 'none' } }))
      await sendEvent('TaskCreateQueueUrl', tenant, 'task.create', { taskPooledUsers: [username] })
      await eventually(
        () => notificationStore.find(notification),
        (record) => record?.state === 'ERROR',
      )
      await emptied('TaskCreateQueueUrl', 150)

      await table.send(new DeleteCommand({ TableName, Key }))
      const { stdout } = await run('resend', '--tenant', tenant, '--id', id)
      expect(stdout).toContain('it is planned again now')
      await eventually(
        () => notificationStore.find(notification),
        (record) => record?.state === 'SENT',
      )
      expect(await mailsTo(address)).toHaveLength(1)
    },
    300 * seconds,
  )
})
