import { randomUUID } from 'node:crypto'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { translation } from '../../lib/aws/tables/dynamodb.ts'
import { createPeopleBook } from '../../lib/aws/tables/people-table.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { createSubscriptionStore } from '../../lib/aws/tables/subscriptions-table.ts'
import { preferences } from '../../lib/notifications/subscriptions/preferences.ts'
import {
  type Action,
  action,
  type Range,
} from '../../lib/notifications/subscriptions/subscriptions.ts'
import { busEvent } from '../support/bus-event.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

const { cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb, translation)
const table = String(deployment['SubscriptionsTableName'])
const store = createSubscriptionStore(table, client)
const book = createSubscriptionBook(table, client)
const people = createPeopleBook(table, client)

const mail = (address: string): Action => action.parse({ channel: 'email', address })
const eventType = 'task.assign'
const set = (of: { tenant: string; username?: string }, ...actions: Action[]) =>
  book.change({ ...of, eventType }, () => actions)
const conditional = action.parse({
  channel: 'webhook',
  address: 'https://hook.example',
  locale: 'en',
  template: 'short',
  condition: { t: 'not', val: { t: 'in', att: 'docType', val: ['a', 1, true] } },
  customData: { title: 'document.title' },
})

describe('the subscribers of an event', () => {
  it('are found among more people than one call takes, and in no other tenant', async () => {
    const tenant = newTenant()
    const users = Array.from({ length: 120 }, (_, index) => `u${index}`)
    await Promise.all(users.map((username) => set({ tenant, username }, mail(`${username}@x`))))
    await set({ tenant: newTenant(), username: 'stranger' }, mail('stranger@x'))

    const found = await store.find(tenant, [...users, 'stranger'], eventType)
    expect(found).toEqual(users.map((username) => ({ username, actions: [mail(`${username}@x`)] })))
    expect(await store.find(tenant, users, 'task.delete')).toEqual([])
    expect(await store.find(tenant, [], eventType)).toEqual([])
  })

  it('have their actions as they were written, their preferences, or the rule of the tenant', async () => {
    const tenant = newTenant()
    const wish = preferences.parse({
      timeZone: 'Europe/Moscow',
      channels: { '*': ['email'] },
      quietHours: { from: '22:00', to: '08:00' },
      digest: { at: '09:00' },
      urgent: ['task.delete'],
    })
    await set({ tenant, username: 'ivanov' }, conditional)
    await book.setPreferences(tenant, 'petrov', wish)
    await set({ tenant }, mail('{{ username }}@acme.example'))

    expect(await store.find(tenant, ['ivanov', 'petrov'], eventType)).toEqual([
      { username: 'ivanov', actions: [conditional] },
      {
        username: 'petrov',
        byRule: true,
        actions: [mail('{{ username }}@acme.example')],
        preferences: wish,
      },
    ])
  })

  it('are all who are subscribed to the type, where an event names nobody', async () => {
    const tenant = newTenant()
    const wish = preferences.parse({ timeZone: 'UTC' })
    await set({ tenant, username: 'ivanov' }, mail('ivanov@x'))
    await set({ tenant, username: 'petrov' }, mail('petrov@x'))
    await book.setPreferences(tenant, 'petrov', wish)
    await book.change({ tenant, username: 'sidorov', eventType: 'task.delete' }, () => [
      mail('s@x'),
    ])
    await set({ tenant }, mail('rule@x'))
    await set({ tenant: newTenant(), username: 'stranger' }, mail('stranger@x'))

    const all = [
      { username: 'ivanov', actions: [mail('ivanov@x')] },
      { username: 'petrov', actions: [mail('petrov@x')], preferences: wish },
    ]
    const found = (range: Range, limit = 10) => store.subscribersOf(tenant, eventType, range, limit)
    expect(await found({})).toEqual({ subscribers: all, recipients: 2 })
    expect(await found({}, 1)).toMatchObject({ subscribers: all.slice(0, 1), next: 'ivanov' })
    expect(await found({ after: 'ivanov' })).toMatchObject({ subscribers: all.slice(1) })
    expect(await found({ after: 'ivano', upTo: 'ivanov' })).toMatchObject({
      subscribers: all.slice(0, 1),
    })
    expect(await found({ after: 'petrov' })).toEqual({ subscribers: [], recipients: 0 })
    expect(await store.namesOf(tenant, eventType)).toEqual(['ivanov', 'petrov'])
  })

  it('have what fits of their stored actions, and none has a name that no key can hold', async () => {
    const tenant = newTenant()
    await set({ tenant, username: 'good' }, mail('good@x'))
    const of = { tenant, username: 'bad', eventType } as const
    const fitting = { channel: { S: 'email' }, address: { S: 'bad@x' } }
    const wrong = { ...fitting, locale: { N: '1.5E+40' } }
    await cloud.dynamoDb.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          ...{ subscriber: { S: `${tenant}#bad` }, eventType: { S: eventType } },
          actions: { L: [{ M: { channel: { S: 'pigeon' } } }, { M: fitting }, { M: wrong }] },
        },
      }),
    )

    const found = await store.find(tenant, ['good', 'bad', 'я'.repeat(1025)], eventType)
    const broken = [
      { channel: 'unknown', address: 'action 1', fault: expect.stringMatching('channel, address') },
      { channel: 'email', address: 'bad@x', fault: expect.stringMatching('locale') },
    ]
    expect(found).toMatchObject([
      { username: 'good' },
      { username: 'bad', actions: [mail('bad@x')], broken },
    ])
    expect(await book.ofPerson(tenant, 'bad')).toEqual([
      { of: 'subscription', subscription: { ...of, actions: [mail('bad@x')] }, broken },
    ])
    await expect(set(of, mail('bad@x'))).rejects.toMatchObject({ code: 'invalid-subscription' })
    await book.switchOff({ ...of, channel: 'email', address: 'bad@x' }, 'gone')
    expect(await book.ofPerson(tenant, 'bad')).toMatchObject([
      { subscription: { actions: [{ off: { reason: 'gone' } }] }, broken },
    ])
    await book.remove(of)
    expect(await book.ofPerson(tenant, 'bad')).toEqual([])
  })
})

describe('a change of a subscription', () => {
  it('is not lost when another is made at the same time', async () => {
    const tenant = newTenant()
    const addresses = ['a@x', 'b@x', 'c@x']
    const add = (address: string) =>
      book.change({ tenant, username: 'ivanov', eventType }, (now) => [...now, mail(address)])
    await Promise.all(addresses.map(add))
    const [found] = await store.find(tenant, ['ivanov'], eventType)
    expect(found?.actions.map(({ address }) => address).sort()).toEqual(addresses)
  })

  it('that leaves no action removes it', async () => {
    const tenant = newTenant()
    await set({ tenant, username: 'ivanov' }, mail('a@x'))
    await set({ tenant, username: 'ivanov' })
    expect(await book.ofTenant(tenant)).toEqual([])
  })
})

describe('an address that is gone', () => {
  it('is switched off in all of the person’s subscriptions and in the rule, and nowhere else', async () => {
    const tenant = newTenant()
    const place = {
      tenant,
      username: 'ivanov',
      channel: 'webhook',
      address: 'https://hook.example',
    } as const
    await set({ tenant, username: 'ivanov' }, conditional, mail('ivanov@x'))
    await book.change({ tenant, username: 'ivanov', eventType: 'task.delete' }, () => [conditional])
    await set({ tenant, username: 'petrov' }, conditional)
    await set({ tenant }, conditional)

    await book.switchOff(place, 'HTTP 410')
    await book.switchOff(place, 'HTTP 410')

    const off = { reason: 'HTTP 410', at: expect.any(String) }
    const entries = await book.ofTenant(tenant)
    const found = entries.flatMap((entry) =>
      entry.of === 'subscription' ? [entry.subscription] : [],
    )
    expect(found).toHaveLength(4)
    expect(found).toEqual(
      expect.arrayContaining([
        {
          tenant,
          username: 'ivanov',
          eventType,
          actions: [{ ...conditional, off }, mail('ivanov@x')],
        },
        {
          tenant,
          username: 'ivanov',
          eventType: 'task.delete',
          actions: [{ ...conditional, off }],
        },
        { tenant, username: 'petrov', eventType, actions: [conditional] },
        { tenant, eventType, actions: [{ ...conditional, off }] },
      ]),
    )
  })

  it('that a rule makes for one person is switched off for that person, until it is switched on', async () => {
    const tenant = newTenant()
    const ivanov = { tenant, username: 'ivanov', channel: 'email' } as const
    const [mine, former] = [`ivanov@${tenant}.example`, `former@${tenant}.example`]
    await set({ tenant }, mail(`{{ username }}@${tenant}.example`))
    await people.put(tenant, { username: 'ivanov', person: { name: 'Иванов' } })
    await book.switchOff({ ...ivanov, address: mine }, 'SMTP 5.1.1')
    await book.switchOff({ ...ivanov, address: former }, 'SMTP 5.1.1')
    await book.switchOff({ ...ivanov, address: mine }, 'SMTP 5.1.1')
    await book.switchOff(
      { ...ivanov, username: 'petrov', address: `petrov@${tenant}.example` },
      'x',
    )

    // What else is known of a person may change meanwhile.
    await people.put(tenant, { username: 'ivanov', person: { name: 'Иванов И. И.' } })
    const off = { reason: 'SMTP 5.1.1', at: expect.any(String) }
    const goneFor = async () =>
      (await store.find(tenant, ['ivanov', 'petrov', 'sidorov'], eventType)).map(({ gone }) => gone)
    expect(await goneFor()).toEqual([
      { [`email ${mine}`]: off, [`email ${former}`]: off },
      { [`email petrov@${tenant}.example`]: { ...off, reason: 'x' } },
      undefined,
    ])
    expect(await book.ofPerson(tenant, 'ivanov')).toMatchObject([
      { of: 'person', person: { name: 'Иванов И. И.' }, gone: { [`email ${mine}`]: off } },
    ])
    expect(await people.find(tenant, 'petrov')).toEqual({})

    expect(await book.switchOn({ ...ivanov, address: mine })).toBe(1)
    expect(await book.switchOn({ ...ivanov, address: mine })).toBe(0)
    expect((await goneFor())[0]).toEqual({ [`email ${former}`]: off })

    // Also where it is the address of a subscription of theirs.
    const of = { tenant, username: 'ivanov', eventType: 'task.delete' as const }
    await book.change(of, () => [mail(mine)])
    await book.switchOff({ ...ivanov, address: mine }, 'SMTP 5.1.1')
    expect((await goneFor())[0]).toEqual({ [`email ${former}`]: off, [`email ${mine}`]: off })
    expect(await book.switchOn({ ...ivanov, address: mine })).toBe(2)
  })
})

describe('an event on the bus', () => {
  it('is told to those whose condition holds, and by the rule to those without a subscription', async () => {
    const tenant = 'subscribers'
    const about = (val: string) => ({ t: 'contains', att: 'taskTitle', val })
    const when = (address: string, val: string): Action =>
      action.parse({ channel: 'email', address, condition: about(val) })
    const person = (name: string) => `${name}-${randomUUID()}`
    const [keen, bored, ruled] = [person('keen'), person('bored'), person('ruled')]
    await set({ tenant, username: keen }, when(`${keen}@x.example`, 'lease'))
    await set({ tenant, username: bored }, when(`${bored}@x.example`, 'invoice'))
    await set({ tenant }, mail('{{ username }}@rule.example'))

    const data = {
      type: 'task.create',
      taskTitle: 'Sign the lease',
      taskPooledUsers: [keen, bored, ruled],
    }
    const notified = await notificationsOf(tenant, data)
    expect(notified.map(({ username, address }) => [username, address]).sort()).toEqual([
      [keen, `${keen}@x.example`],
      [ruled, `${ruled}@rule.example`],
    ])
  }, 300_000)

  it('is held back or blocked as the person prefers', async () => {
    const tenant = 'subscribers'
    const [asleep, unwilling] = [`asleep-${randomUUID()}`, `unwilling-${randomUUID()}`]
    await set({ tenant, username: asleep }, mail(`${asleep}@x.example`))
    await set({ tenant, username: unwilling }, mail(`${unwilling}@x.example`))
    const clock = (hours: number) =>
      new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16)
    const quietHours = { from: clock(-1), to: clock(3) }
    const prefer = (username: string, wish: object) =>
      book.setPreferences(tenant, username, preferences.parse({ timeZone: 'UTC', ...wish }))
    await prefer(asleep, { quietHours })
    await prefer(unwilling, { channels: { 'task.assign': ['push'] } })

    const taskPooledUsers = [asleep, unwilling]
    const notified = await notificationsOf(tenant, { type: 'task.create', taskPooledUsers })
    const byUser = new Map(notified.map((one) => [one['username'], one]))
    expect(byUser.get(asleep)).toMatchObject({
      state: 'WAIT_FOR_DISPATCH',
      heldUntil: expect.stringContaining(`T${quietHours.to}:00`),
    })
    expect(byUser.get(unwilling)).toMatchObject({
      state: 'BLOCKED',
      reason: expect.stringContaining('has turned the event type off'),
    })
  }, 300_000)
})

/** Puts an event on the bus, and returns its notifications once it is handled. */
async function notificationsOf(tenant: string, data: { type: string; [field: string]: unknown }) {
  const id = randomUUID()
  const { type } = data
  const Detail = JSON.stringify(JSON.parse(busEvent(tenant, type, id, data)).detail)
  const EventBusName = String(deployment['BusName'])
  const Entries = [{ EventBusName, Source: `ecos.${tenant}`, DetailType: type, Detail }]
  await cloud.eventBridge.send(new PutEventsCommand({ Entries }))
  const query = new QueryCommand({
    TableName: String(deployment['NotificationsTableName']),
    KeyConditionExpression: 'event = :event',
    ExpressionAttributeValues: { ':event': `${tenant}#${type}#${id}` },
  })
  const items = await eventually(
    async () => (await client.send(query)).Items ?? [],
    (found) => found.some(({ entry }) => entry === 'event'),
  )
  return items.filter(({ entry }) => String(entry).startsWith('notification#'))
}
