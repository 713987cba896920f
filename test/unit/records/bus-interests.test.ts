import { expect, test } from '@jest/globals'
import { attributeAt } from '../../../lib/events/attribute.ts'
import type {
  Action,
  Subscription,
} from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { createNamedAttributes } from '../../../lib/notifications/templates/named-attributes.ts'
import type { TemplateFiles } from '../../../lib/notifications/templates/paths.ts'
import { type BusInterestsOptions, busInterests } from '../../../lib/records/bus-interests.ts'
import { handshakeMessage } from '../../../lib/records/messages.ts'
import type { RegisteredInterest } from '../../../lib/records/record-listeners.ts'
import { silentLog } from '../../support/memory.ts'

const acme = {
  id: 'acme',
  locale: 'en',
  cell: 'main',
  events: ['record-changed', 'task.create', 'task.assign'] as const,
}

interface Wanted {
  subscriptions?: Subscription[]
  registrations?: RegisteredInterest[]
  templates?: TemplateFiles
  log?: BusInterestsOptions['log']
}

function interests({ subscriptions = [], registrations = [], templates = {}, log }: Wanted) {
  return busInterests({
    tenants: [acme],
    subscriptionsOf: async () => subscriptions,
    registrationsOf: async () => registrations,
    namedAttributes: createNamedAttributes(templates),
    log: log ?? silentLog,
  })('acme')
}

const email = { channel: 'email', address: 'smith@x' } as const
const subscription = (
  eventType: Subscription['eventType'],
  ...actions: Partial<Action>[]
): Subscription => ({
  tenant: 'acme',
  username: 'smith',
  eventType,
  actions: actions.map((action) => ({ ...email, ...action })),
})

test('nobody wants anything: nothing is asked for', async () => {
  expect(await interests({})).toEqual({})
  expect(await interests({ subscriptions: [subscription('record-changed')] })).toEqual({})
})

test('a subscription asks for what its condition and its data look up, and an event has not of itself', async () => {
  const condition = {
    t: 'and',
    val: [
      { t: 'eq', att: 'case.title', val: 'x' },
      { t: 'eq', att: 'user', val: 'ivanov' },
      { t: 'empty', att: 'attributes.sum' },
    ],
  } as const
  const customData = { mail: 'author.email?str', id: 'docId' }
  expect(
    await interests({ subscriptions: [subscription('record-changed', { condition, customData })] }),
  ).toEqual({ 'record-changed': { attributes: ['author.email?str', 'case.title', 'sum'] } })
})

test('one who is told of a task is told whether it is created or assigned', async () => {
  const customData = { title: 'case.title', due: 'dueDate' }
  expect(await interests({ subscriptions: [subscription('task.assign', { customData })] })).toEqual(
    {
      'task.assign': { attributes: ['case.title'] },
      'task.create': { attributes: ['case.title'] },
    },
  )
})

test('a type that is not turned on is not asked for', async () => {
  const created: RegisteredInterest = {
    listener: 'f',
    eventType: 'record-created',
    attributes: ['title'],
  }
  expect(
    await interests({
      subscriptions: [subscription('record-deleted', {})],
      registrations: [created],
    }),
  ).toEqual({})
})

test('a filter holds back only what nobody else wants', async () => {
  const filter = { t: 'eq', att: 'status', val: 'new' } as const
  const registered: RegisteredInterest = {
    listener: 'f',
    eventType: 'record-changed',
    attributes: ['title'],
    filter,
  }
  expect(await interests({ registrations: [registered] })).toEqual({
    'record-changed': { attributes: ['title'], filter },
  })
  expect(
    await interests({
      registrations: [registered],
      subscriptions: [subscription('record-changed', {})],
    }),
  ).toEqual({ 'record-changed': { attributes: ['title'] } })
})

const templates: TemplateFiles = {
  'acme/record-changed/any.en.liquid':
    '{{ event.attributes["case.title"] }}\n{% include "who" %}{% if event.attributes.urgent %}!{% endif %}',
  'acme/record-changed/any.en.html.liquid': '<b>{{ event.attributes["rec._type?id"] }}</b>',
  'acme/parts/who.liquid': '{{ event.attributes["author.email"] }}',
  '_all/record-changed/sms.ru.liquid': '{{ event.attributes.code | upcase }}',
  '_all/layout.html.liquid': '{{ event.attributes.brand }}{{ text }}',
  'acme/deal/email.en.liquid': 'Deal\n{{ event.attributes.sum }}{{ event.docId }}',
  'globex/record-changed/any.en.liquid': '{{ event.attributes.secret }}',
}

test('the templates by which the subscribers are told say what they need', async () => {
  const deal = { template: 'deal' }
  const own = ['author.email', 'brand', 'case.title', 'code', 'rec._type?id', 'urgent']
  expect(
    await interests({ templates, subscriptions: [subscription('record-changed', {})] }),
  ).toEqual({ 'record-changed': { attributes: own } })
  expect(
    await interests({ templates, subscriptions: [subscription('record-changed', deal)] }),
  ).toEqual({ 'record-changed': { attributes: [...own, 'sum'].sort() } })
  expect(await interests({ templates })).toEqual({})
})

test('what no source would take is left out and told, and the rest is asked for', async () => {
  const warnings: unknown[] = []
  const customData = {
    wrong: 'a b',
    title: 'title?disp',
    ...Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`v${index}`, `n.${index}`])),
  }
  const wanted = await interests({
    subscriptions: [subscription('record-changed', { customData })],
    log: { ...silentLog, warn: (_, ...about) => void warnings.push(...about) },
  })
  expect(wanted['record-changed']?.attributes).toHaveLength(500)
  expect(warnings).toEqual([
    expect.objectContaining({
      tenant: 'acme',
      eventType: 'record-changed',
      paths: expect.arrayContaining(['a b']),
    }),
  ])
  expect(
    handshakeMessage.safeParse({
      version: 1,
      kind: 'listener.subscribed',
      sequence: 1,
      listener: { id: 'eventbridge', instanceId: 'bridge' },
      queue: 'q',
      leaseSeconds: 300,
      interests: wanted,
    }).success,
  ).toBe(true)
})

test('what was asked for the long way is found where the source puts it', () => {
  const data = { attributes: { title: 'Lease', 'author.email?str': 'a@b' } }
  expect(attributeAt(data, 'title?disp')).toBe('Lease')
  expect(attributeAt(data, 'author.email?str')).toBe('a@b')
})
