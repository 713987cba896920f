import { InvokeCommand } from '@aws-sdk/client-lambda'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import { createKept } from '../../lib/aws/payloads.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import { createDueNotifications } from '../../lib/aws/tables/notifications-index.ts'
import { chunks } from '../../lib/chunks.ts'
import type { Sendable } from '../../lib/notifications/notification.ts'
import { notificationRecord } from '../../lib/notifications/store.ts'
import { pascal } from '../../lib/tenants/names.ts'
import { readMails } from '../../local/mail.ts'
import { busEvent } from '../support/bus-event.ts'
import {
  emptied,
  newNotification,
  notificationStore,
  queuedOf,
  storyOf,
  subscribe,
  subscriptionBook,
} from '../support/notifications.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment, inboxUrl } = runningStack()
const kept = createKept(deployment['PayloadBucketName'] ?? '', cloud.s3)
const heldUntil = '2026-01-01T09:00:00.000Z'

const run = () =>
  cloud.lambda.send(
    new InvokeCommand({ FunctionName: `${deployment['BusName']}-due-notifications` }),
  )

async function hold(member: Sendable, digest = true): Promise<void> {
  await kept.keep(queuedOf(member, { title: `About ${member.eventId};`, locale: 'en' }))
  await notificationStore.add(member, { state: 'WAIT_FOR_DISPATCH', heldUntil, digest })
}

async function ended(members: readonly Sendable[]) {
  const records = () => Promise.all(members.map((member) => notificationStore.find(member)))
  return eventually(records, (all) => all.every((one) => one?.state !== 'WAIT_FOR_DISPATCH'))
}

async function mailsOf(tenant: string) {
  const mails = await readMails(inboxUrl)
  return mails.flatMap(({ to, subject, text }) => {
    const [address = ''] = to.map((one) => one.address).filter((one) => one.includes(tenant))
    return address === ''
      ? []
      : [{ address, told: `${subject}\n${text}`.match(/About \w+;/g) ?? [] }]
  })
}

it('many runs at once tell each person of each notification once', async () => {
  const tenant = newTenant()
  const people = Array.from({ length: 20 }, (_, at) => `user-${at}`)
  const membersOf = (username: string, ids: readonly string[]) =>
    ids.map((id) => {
      const address = `${username}.${tenant}@acme.example`
      return newNotification({ tenant, username, address, eventId: `${id}x${username.slice(5)}` })
    })
  const early = people.flatMap((username) => membersOf(username, ['e1', 'e2', 'e3']))
  const late = people.flatMap((username) => membersOf(username, ['e4', 'e5']))
  await Promise.all(early.map(subscribe))
  for (const member of early) await hold(member)
  const runs = [run(), run(), run()]
  for (const member of late) {
    await hold(member)
    if (member.eventId.startsWith('e5')) runs.push(run())
  }
  await Promise.all(runs)
  await run()
  const records = await ended([...early, ...late])
  expect(new Set(records.map((record) => record?.state))).toEqual(new Set(['SENT']))
  // A repeated message that met its notification's sender at work comes back when that one's claim ends.
  await emptied('EmailQueueUrl', 400)

  const mails = await mailsOf(tenant)
  for (const username of people) {
    const told = mails
      .filter(({ address }) => address.startsWith(`${username}.`))
      .flatMap((mail) => mail.told)
    const at = username.slice(5)
    expect(told.sort()).toEqual([1, 2, 3, 4, 5].map((id) => `About e${id}x${at};`))
  }
}, 900_000)

it('a run waits for what is due before its end', async () => {
  const address = `${newTenant()}@acme.example`
  const member = newNotification({ tenant: newTenant(), address })
  await subscribe(member)
  await kept.keep(queuedOf(member))
  const soon = new Date(Date.now() + 6_000).toISOString()
  await notificationStore.add(member, { state: 'WAIT_FOR_DISPATCH', heldUntil: soon })
  await run()
  expect((await notificationStore.find(member))?.heldUntil).toBeUndefined()
  expect(await ended([member])).toMatchObject([{ state: 'SENT' }])
}, 300_000)

it('what may share a digest is found together, however much is due', async () => {
  const tenant = newTenant()
  const of = (username: string, count: number) =>
    Array.from({ length: count }, (_, at) =>
      newNotification({ tenant, username, address: `${username}@${tenant}`, eventId: `e${at}` }),
    )
  const all = Array.from({ length: 300 }, (_, at) => of(`user-${at}`, 3)).flat()
  const crowded = of('crowded', 120)
  // Far ahead, so that no run takes them.
  const initial = { state: 'WAIT_FOR_DISPATCH', heldUntil: '2199-01-01T09:00:00.000Z' } as const
  for (const some of chunks([...crowded, ...all], 200)) {
    await notificationStore.addAll(some.map((notification) => ({ notification, initial })))
  }
  const table = deployment['NotificationsTableName'] ?? ''
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const lines = createDueNotifications(table, client).due('held', new Date(initial.heldUntil))
  const parts: string[][] = []
  for (const line of lines) {
    for await (const records of line) {
      const ours = records.filter((record) => record.tenant === tenant)
      parts.push(ours.map(({ username }) => username))
    }
  }
  expect(parts.flat()).toHaveLength(all.length + crowded.length)
  for (const username of ['crowded', ...all.map((one) => one.username)]) {
    expect(parts.filter((part) => part.includes(username))).toHaveLength(1)
  }
}, 300_000)

it('looks again at each: opted out, removed, replaced by another address', async () => {
  const tenant = newTenant()
  const of = (username: string) =>
    newNotification({ tenant, username, address: `${username}.${tenant}@acme.example` })
  const [out, gone, moved] = [of('out'), of('gone'), of('moved')]
  const channels = { 'task.create': ['telegram' as const] }
  await subscribe(out)
  await subscriptionBook.setPreferences(tenant, 'out', { timeZone: 'UTC', channels })
  await subscribe(gone)
  await subscriptionBook.change({ tenant, username: 'gone', eventType: 'task.assign' }, () => [])
  await subscribe({ ...moved, address: `new.${tenant}@acme.example` })
  // Last: a scheduled run may look at them from here on.
  for (const member of [out, gone, moved]) await hold(member, member === moved)
  await run()
  expect(await ended([out, gone, moved])).toMatchObject([
    { state: 'BLOCKED', reason: expect.stringContaining('turned the event type off') },
    { state: 'BLOCKED', reason: expect.stringContaining('no longer subscribed') },
    { state: 'SENT', address: `new.${tenant}@acme.example` },
  ])
  expect(await mailsOf(tenant)).toEqual([
    { address: `new.${tenant}@acme.example`, told: ['About e1;'] },
  ])
}, 300_000)

it('what is kept of a reminder is deleted, and nothing else, once or twice', async () => {
  const [reminder, other] = ['task.reminder', 'task.create'].map((eventType) =>
    newNotification({ eventType }),
  ) as [Sendable, Sendable]
  for (const one of [reminder, other]) await kept.keep(queuedOf(one))
  for (const _ of ['once', 'twice']) await kept.forget(reminder)
  await expect(kept.load(reminder)).rejects.toMatchObject({ code: 'payload-not-found' })
  expect(await kept.load(other)).toMatchObject({ notificationId: other.notificationId })
}, 300_000)

it('a reminder is stored once, comes when it is due, and ends with its task', async () => {
  const tenant = newTenant()
  const address = `ivanov.${tenant}@acme.example`
  const of = { tenant, username: 'ivanov', eventType: 'task.assign' } as const
  const reminders = ['1d overdue', '8h untaken']
  await subscriptionBook.change(of, () => [{ channel: 'email', address, reminders }])
  const send = async (type: string, eventId: string, task: string) => {
    const data = {
      ...{ taskInstanceId: task, taskTitle: `Task ${task}`, taskPooledUsers: ['ivanov'] },
      dueDate: Date.now() + 3_600_000,
    }
    const url = deployment[`${pascal(type)}QueueUrl`] ?? ''
    const body = busEvent(tenant, type, eventId, data)
    await createQueues(cloud.sqs)(url).sendAll([{ body, group: tenant }])
  }
  const remindersOf = async (task: string) =>
    notificationRecord
      .array()
      .parse(await storyOf({ tenant, eventType: 'task.reminder', eventId: task }))
  // The task of the second event is announced again, as by another copy of its producer.
  await Promise.all([send('task.create', 'e1', 't1'), send('task.create', 'e2', 't1')])
  await send('task.create', 'e3', 't2')
  // Nothing replaces the reminders from here on.
  for (const eventId of ['e1', 'e2', 'e3']) {
    await eventually(
      () => storyOf({ tenant, eventType: 'task.create', eventId }),
      (story) => story.some(({ entry }) => entry === 'event'),
    )
  }
  for (const task of ['t1', 't2']) {
    await eventually(
      () => remindersOf(task),
      ({ length }) => length === 2,
    )
  }
  await send('task.complete', 'e4', 't2')
  const ofT2 = await eventually(
    () => remindersOf('t2'),
    (all) => all.every(({ state }) => state === 'CANCELLED'),
  )
  expect(new Set(ofT2.map(({ reason }) => reason))).toEqual(new Set(['its subject is closed']))

  const [overdue] = (await remindersOf('t1')).filter(
    ({ reminder }) => reminder?.text === reminders[0],
  )
  if (!overdue) throw new Error('There is no reminder')
  await notificationStore.hold(overdue, heldUntil)
  await run()
  const sent = await eventually(
    () => notificationStore.find(overdue),
    (found) => found?.state === 'SENT',
  )
  expect(sent).toMatchObject({ username: 'ivanov', eventType: 'task.reminder', eventId: 't1' })
  const titles = (await readMails(inboxUrl))
    .filter(({ to }) => to.some((one) => one.address === address))
    .flatMap(({ subject }) => (subject.startsWith('Просрочено') ? [subject] : []))
  expect(titles).toEqual(['Просрочено: Task t1'])
  expect(await remindersOf('t1')).toHaveLength(2)
}, 300_000)
