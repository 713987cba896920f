import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { beforeAll, expect, it } from '@jest/globals'
import pLimit from 'p-limit'
import { createEventRecords } from '../../lib/aws/tables/events-table.ts'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { listOfEvent } from '../../lib/aws/tables/notifications-lookup.ts'
import { findEventId, findKey } from '../../lib/aws/tables/notifications-short-ids.ts'
import { findRetried } from '../../lib/aws/tables/retried-notifications.ts'
import { searchTenants } from '../../lib/aws/tables/tenants-search.ts'
import type { Notification } from '../../lib/notifications/notification.ts'
import type { NotificationFilter } from '../../lib/operations/notification-listing.ts'
import { command } from '../support/command.ts'
import { newNotification, notificationStore } from '../support/notifications.ts'
import { newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const table = { TableName: deployment['NotificationsTableName'] ?? '', client }

let units = 0
client.middlewareStack.add(
  (next) => async (args) => {
    Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' })
    const result = await next(args)
    const { ConsumedCapacity } = result.output as unknown as {
      ConsumedCapacity?: { CapacityUnits: number } | { CapacityUnits: number }[]
    }
    for (const one of [ConsumedCapacity ?? []].flat()) units += one.CapacityUnits
    return result
  },
  { step: 'initialize' },
)

/** Read units that a call used up. */
async function unitsOf<T>(call: () => Promise<T>): Promise<[T, number]> {
  units = 0
  return [await call(), units]
}

const tenant = newTenant()
const count = 1_500
const failed: string[] = []
const ofSmith: string[] = []

beforeAll(async () => {
  const atOnce = pLimit(20)
  const add = async (at: number) => {
    const username = at % 300 === 0 ? 'smith' : `user-${at % 50}`
    const one: Notification = newNotification({ tenant, username, eventId: `e${at}` })
    const record = await notificationStore.add(one, { state: 'WAIT_FOR_DISPATCH' })
    const isFailed = at % 250 === 0
    await notificationStore.change(record, { state: isFailed ? 'ERROR' : 'SENT' })
    if (isFailed) failed.push(one.notificationId)
    if (username === 'smith') ofSmith.push(one.notificationId)
  }
  await Promise.all(Array.from({ length: count }, (_, at) => atOnce(() => add(at))))
}, 300_000)

const idsOf = (page: { notifications: readonly { notificationId?: string }[] }) =>
  page.notifications.map(({ notificationId }) => String(notificationId))

it.each<[string, NotificationFilter, string[]]>([
  ['in a state', { state: 'ERROR' }, failed],
  ['of a person', { username: 'smith' }, ofSmith],
])(`lists the few %s among ${count}, and reads little more than these`, async (_, filter, ids) => {
  const [page, used] = await unitsOf(() => listNotifications(table, tenant, filter, { limit: 100 }))
  expect(idsOf(page).sort()).toEqual(ids.toSorted())
  expect(used).toBeLessThan(2 * ids.length)
})

it('reads no more than a page of all, and goes on where the last one ended', async () => {
  const seen: string[] = []
  let before: string | undefined
  for (let pages = 0; pages === 0 || before !== undefined; pages += 1) {
    const [page, used] = await unitsOf(() =>
      listNotifications(table, tenant, {}, { limit: 400, before }),
    )
    expect(page.notifications.length).toBeLessThanOrEqual(400)
    expect(used).toBeLessThan(400)
    const times = page.notifications.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().reverse())
    seen.push(...idsOf(page))
    before = page.before
  }
  expect(seen).toHaveLength(count)
  expect(new Set(seen).size).toBe(count)
}, 300_000)

it('selects by a state that no index has among what it reads, and stops when the page is full', async () => {
  const [page, used] = await unitsOf(() =>
    listNotifications(table, tenant, { state: 'SENT' }, { limit: 20 }),
  )
  expect(page.notifications.map(({ state }) => state)).toEqual(Array(20).fill('SENT'))
  expect(used).toBeLessThan(100)
})

it('finds the notifications of an event, and one by its id', async () => {
  const [notificationId = ''] = failed
  const key = await findKey(table, tenant, notificationId)
  expect(key).toMatchObject({ tenant, notificationId, eventType: 'task.create' })
  const of = { tenant, eventId: String(key?.eventId) }
  expect(idsOf(await listOfEvent(table, of, {}, { limit: 100 }))).toEqual([notificationId])
  expect(await listOfEvent(table, of, { state: 'SENT' }, { limit: 100 })).toEqual({
    notifications: [],
  })
  expect(await findKey(table, tenant, 'f'.repeat(64))).toBeUndefined()
})

it('finds a notification and an event by the beginning of their ids, and refuses an ambiguous one', async () => {
  const [notificationId = ''] = failed
  const key = await findKey(table, tenant, notificationId.slice(0, 12))
  expect(key).toMatchObject({ tenant, notificationId })
  expect(await findKey(table, tenant, notificationId.slice(0, 5))).toBeUndefined()
  const mine = newTenant()
  for (const eventId of ['order#2026-1', 'order#2026-2']) {
    await notificationStore.add(newNotification({ tenant: mine, eventId }), { state: 'SENT' })
  }
  expect(await findEventId(table, mine, 'order#2026-1')).toBe('order#2026-1')
  expect(await findEventId(table, mine, 'nothing')).toBeUndefined()
  await expect(findEventId(table, mine, 'order#2026')).rejects.toMatchObject({
    code: 'ambiguous-id',
    message: expect.stringContaining('order#2026-1'),
  })
})

it('pages through an event with many notifications', async () => {
  const of = { tenant: newTenant(), eventId: 'crowd' }
  const people = Array.from({ length: 25 }, (_, at) =>
    newNotification({ ...of, username: `u${at}` }),
  )
  for (const one of people) await notificationStore.add(one, { state: 'SENT' })
  const first = await listOfEvent(table, of, {}, { limit: 10 })
  const second = await listOfEvent(table, of, {}, { limit: 20, before: first.before })
  expect([idsOf(first).length, idsOf(second).length, second.before]).toEqual([10, 15, undefined])
  expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(25)
})

it('an event without recipients is listed, and leaves the index of its state with it', async () => {
  const event = { tenant: newTenant(), eventType: 'task.create', eventId: 'e1' }
  const none = { state: 'RECIPIENTS_NOT_FOUND', recipients: 0, notifications: 0 } as const
  const events = createEventRecords(table.TableName, client)
  const list = () => listNotifications(table, event.tenant, { state: none.state }, { limit: 10 })
  await events.record(event, none)
  expect((await list()).notifications).toMatchObject([{ eventId: 'e1', state: none.state }])
  await events.record(event, { ...none, state: 'HANDLED' })
  expect((await list()).notifications).toEqual([])
})

it('finds by person over tenants in a range, with the tenant, and goes on where a page ended', async () => {
  const [first, second, username] = [newTenant(), newTenant(), `anna-${newTenant()}`]
  const begin = new Date().toISOString()
  for (const [at, of] of [first, second, tenant, first].entries()) {
    const one = newNotification({ tenant: of, username, eventId: `of-anna-${at}` })
    await notificationStore.add(one, { state: 'SENT' })
  }
  const search = (from: string, before?: string) =>
    searchTenants(table, [first, second, tenant], { words: [username], from }, { limit: 2, before })
  const { notifications, before, unfinished } = await search(begin)
  const rest = await search(begin, before)
  const found = [...notifications, ...rest.notifications]
  expect(found.map((one) => one.tenant)).toEqual([first, tenant, second, first])
  expect(rest.before).toBeUndefined()
  expect([...unfinished, ...rest.unfinished].map((one) => one.tenant)).not.toContain(first)
  expect((await search(new Date(Date.now() + 60_000).toISOString())).notifications).toEqual([])
})

it('knows what waits after a failed try, the oldest first, until it has ended', async () => {
  const mine = newTenant()
  const names = ['first', 'second', 'untried']
  const all = names.map((username) => newNotification({ tenant: mine, username }))
  for (const one of all) await notificationStore.add(one, { state: 'WAIT_FOR_DISPATCH' })
  const read = async (at: number) => {
    const found = await notificationStore.find(all[at] ?? newNotification())
    if (found === undefined) throw new Error('not found')
    return found
  }
  const failed = { state: 'WAIT_FOR_DISPATCH', reason: 'SMTP 451', goesOn: true } as const
  for (const at of [1, 0]) await notificationStore.settle(await read(at), failed)
  const retried = async () => {
    const found = await findRetried(table, [newTenant(), mine])
    return found.map((one) => [one.tenant, ...one.notifications.map(({ username }) => username)])
  }
  expect(await retried()).toEqual([[mine, 'first', 'second']])
  await notificationStore.settle(await read(0), { state: 'SENT' })
  await notificationStore.settle(await read(1), { state: 'ERROR', reason: 'SMTP 550' })
  expect(await retried()).toEqual([])
})

it('the command prints as many rows as asked for, and how to go on', async () => {
  const list = (...args: string[]) =>
    command(['notifications', 'list', '--tenant', tenant, '--user', 'smith', ...args])
  const first = await list('--limit', '2')
  const [head, ...rows] = first.stdout.trim().split('\n')
  expect(head).toMatch(/^TIME +STATE +CHANNEL +PERSON +TYPE +EVENT +NOTIFICATION/)
  expect(rows).toHaveLength(2)
  expect(JSON.parse((await list('--since', '1h', '--output', 'json')).stdout)).toEqual(
    JSON.parse((await list('--json')).stdout),
  )
  // The tenant is none of the cell's: that nothing is found of it is an error.
  expect(await list('--until', '2020-01-01')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`no tenant ${tenant}`),
  })
  expect(await list('--before', 'whenever')).toMatchObject({ code: 2 })
  const [, before = ''] = /--before '(.+)'/.exec(first.stderr) ?? []
  const { stdout } = await list('--before', before, '--json')
  const rest = JSON.parse(stdout)
  expect(rest.notifications).toHaveLength(ofSmith.length - 2)
  expect(rest).not.toHaveProperty('before')
}, 300_000)
