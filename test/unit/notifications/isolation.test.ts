import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { EcosError } from '../../../lib/errors.ts'
import { taskEvent } from '../../../lib/events/schemas.ts'
import { notify } from '../../../lib/notifications/notify.ts'
import { pooledUsers } from '../../../lib/notifications/recipients.ts'
import {
  newPreferences,
  preferences,
} from '../../../lib/notifications/subscriptions/preferences.ts'
import type { Action, Subscriber } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'
import { memoryPorts } from './in-memory.ts'

const kind = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const
const quietHours = { from: '22:00', to: '08:00' }
const render = createRender({
  ...readBuiltIn(),
  'acme/wrong/any.ru.liquid': 'x\n\n{{ event.nobodyKnows }}\n',
})

type Subscribed = Pick<
  Subscriber,
  'username' | 'actions' | 'preferences' | 'byRule' | 'preferencesFault'
>

function person(username: string, action: Partial<Action> = {}, zone?: string): Subscribed {
  const actions = [{ channel: 'email', address: `${username}@acme.example`, ...action } as Action]
  return {
    username,
    actions,
    ...(zone !== undefined && { preferences: preferences.parse({ timeZone: zone, quietHours }) }),
  }
}

/** Names of time zones that Intl takes and Temporal refuses. */
const refusedZones = ['IST', 'JST', 'PST', 'BST', 'CST', 'AST'].filter((timeZone) => {
  const isKnown = new Intl.DateTimeFormat('en', { timeZone }) !== undefined
  return isKnown && !newPreferences.safeParse({ timeZone }).success
})

/** Everything that one person's choices can break, and the reason on that one's notification. */
const faults: readonly (readonly [string, (name: string) => Subscribed, RegExp])[] = [
  ...refusedZones.map(
    (zone) =>
      [
        `time zone ${zone}`,
        (name: string) => person(name, {}, zone),
        /invalid-preferences/,
      ] as const,
  ),
  [
    'a time zone that nobody knows, for what is urgent',
    (name) => ({
      ...person(name),
      preferences: preferences.parse({ timeZone: 'Nowhere/Land', urgent: ['task.assign'] }),
    }),
    /^invalid-preferences/,
  ],
  [
    'preferences that do not fit',
    (name) => ({ ...person(name), preferencesFault: 'they do not fit' }),
    /^invalid-preferences: they do not fit/,
  ],
  ['a template that fails', (name) => person(name, { template: 'wrong' }), /template-failed: acme/],
  [
    'a condition that is none',
    (name) => person(name, { condition: { t: 'eq', att: 7 } as never }),
    /unexpected-error: \w+Error/,
  ],
  [
    'custom data that is none',
    (name) => person(name, { customData: { x: 7 as never } }),
    /unexpected-error: \w+Error/,
  ],
  [
    'an address by the rule that is none',
    (name) => ({ ...person(name, { address: '{{ username }}, x@x.example' }), byRule: true }),
    /^invalid-address: the address has several/,
  ],
  [
    'a rule that renders no address',
    (name) => ({ ...person(name, { address: '{{ username | shout }}' }), byRule: true }),
    /^unexpected-error: \w+Error/,
  ],
  [
    'an address that the queue refuses',
    (name) => person(name, { address: 'refused' }),
    /queue-refused: refused/,
  ],
  [
    'content that the store refuses',
    (name) => person(name, { address: 'unkept' }, 'UTC'),
    /unexpected-error: EntityTooLarge/,
  ],
]

/** Tells the people of an event at night in Moscow, and returns what each got. */
async function tell(people: readonly Subscribed[], announces = false) {
  const subscriptions = people.map((one) => {
    return { ...one, tenant: 'acme', eventType: 'task.assign' as const, actions: [...one.actions] }
  })
  const { store, queued, ports } = memoryPorts(subscriptions)
  store.announces = announces
  const taskPooledUsers = people.map(({ username }) => username)
  const data = { type: 'task.create', taskTitle: 'Счёт', taskPooledUsers }
  const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
  const outcome = await notify(kind, event, {
    ...ports,
    render,
    now: () => new Date('2026-11-25T23:00:00Z'),
    kept: {
      async keep(one) {
        if (one.address === 'unkept') {
          throw Object.assign(new Error('too large'), { name: 'EntityTooLarge', $metadata: {} })
        }
        await store.keep(one)
      },
      forget: store.forget.bind(store),
    },
    async enqueue(channel, messages) {
      if (messages.some(({ body }) => JSON.parse(body).address === 'refused')) {
        throw new EcosError('queue-refused', 'refused')
      }
      await ports.enqueue(channel, messages)
    },
  })
  const got = (username: string) => ({
    record: store.all.find((one) => one.username === username),
    queued: queued.filter(({ notification }) => notification.address.startsWith(`${username}@`)),
    kept: [...store.kept.values()].filter(({ address }) => address.startsWith(`${username}@`)),
  })
  return { outcome, got, store }
}

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 60 })
const choices = fc.record({
  zone: fc.option(fc.constantFrom('Europe/Moscow', 'America/New_York', 'UTC')),
  locale: fc.option(fc.constantFrom('ru', 'en')),
})

describe('one person’s fault', () => {
  it('knows names of time zones that only Intl takes', () => {
    expect(refusedZones.length).toBeGreaterThan(2)
  })

  it('never changes what any other gets', async () => {
    const people = names.chain((usernames) =>
      fc.tuple(
        fc.tuple(...usernames.map((name) => choices.map((choice) => ({ name, ...choice })))),
        fc.nat({ max: usernames.length }),
        fc.constantFrom(...faults),
      ),
    )
    await fc.assert(
      fc.asyncProperty(people, async ([chosen, place, [, broken, reason]]) => {
        const others = chosen.map(({ name, zone, locale }) =>
          person(name, locale ? { locale } : {}, zone ?? undefined),
        )
        const without = await tell(others)
        const all = await tell(others.toSpliced(place, 0, broken('broken-one')))
        expect(all.outcome).toBe('handled')
        for (const { username } of others) expect(all.got(username)).toEqual(without.got(username))
        const { record, queued } = all.got('broken-one')
        expect(record).toMatchObject({ state: 'ERROR', reason: expect.stringMatching(reason) })
        expect(queued).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('does not hide a service that fails: the event is tried again as a whole', async () => {
    const { ports } = memoryPorts([])
    const down = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const subscribed = person('ivanov')
    const subscriptions = { ...ports.subscriptions, find: async () => [subscribed] }
    const enqueue = () => Promise.reject(down)
    const data = { type: 'task.create', taskPooledUsers: ['ivanov'] }
    const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
    await expect(notify(kind, event, { ...ports, subscriptions, enqueue })).rejects.toBe(down)
  })

  it('of storage is told, and the others are stored', async () => {
    const { store, queued, lost, ports } = memoryPorts([])
    const subscriptions = {
      ...ports.subscriptions,
      find: async () => [person('ivanov'), person('petrov')],
    }
    const add: typeof store.add = async (notification, initial) => {
      if (notification.username !== 'ivanov') return store.add(notification, initial)
      throw Object.assign(new Error('400 KB'), { name: 'ValidationException', $metadata: {} })
    }
    const notifications = Object.assign(Object.create(store), { add })
    const data = { type: 'task.create', taskPooledUsers: ['ivanov', 'petrov'] }
    const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
    expect(await notify(kind, event, { ...ports, subscriptions, notifications })).toBe('handled')
    expect(lost).toEqual([['ivanov', 'unexpected-error: ValidationException']])
    expect(queued).toHaveLength(1)
  })
})

it('a template of the tenant’s own that fails sends the event to rest, and not the others', async () => {
  const subscriptions = [
    ['ivanov', 'ru'],
    ['smith', 'en'],
  ].map(([username = '', locale = '']) => ({
    ...person(username, { locale }),
    ...{ tenant: 'acme', eventType: 'task.assign' as const },
    actions: [...person(username, { locale }).actions],
  }))
  const { store, queued, ports } = memoryPorts(subscriptions)
  const broken = createRender({
    ...readBuiltIn(),
    'acme/task.create/any.ru.liquid': 'x\n\n{{ event.nobodyKnows }}\n',
  })
  const data = { type: 'task.create', taskPooledUsers: ['ivanov', 'smith'] }
  const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
  const addresses = () => queued.map(({ notification }) => notification.address)
  await expect(notify(kind, event, { ...ports, render: broken })).rejects.toMatchObject({
    code: 'template-failed',
  })
  expect(addresses()).toEqual(['smith@acme.example'])
  expect(store.all.map(({ state }) => state)).toEqual(['ERROR', 'WAIT_FOR_DISPATCH'])

  // Mended and redriven.
  expect(await notify(kind, event, ports)).toBe('handled')
  expect(addresses()).toContain('ivanov@acme.example')
  expect(store.all.map(({ state }) => state)).toEqual(['WAIT_FOR_DISPATCH', 'WAIT_FOR_DISPATCH'])
})

it('is held as its person wishes, once the template that failed it is mended', async () => {
  const digest = { at: '09:00', channels: ['email' as const] }
  const { store, queued, ports } = memoryPorts([
    {
      ...{ tenant: 'acme', username: 'ivanov', eventType: 'task.assign' },
      actions: [{ channel: 'email', address: 'ivanov@acme.example' }],
      preferences: { timeZone: 'Europe/Moscow', digest },
    },
  ])
  const data = { type: 'task.create', taskPooledUsers: ['ivanov'] }
  const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
  const render = () => {
    throw new TypeError('broken')
  }
  await expect(notify(kind, event, { ...ports, render })).rejects.toThrow('broken')
  expect(await notify(kind, event, ports)).toBe('handled')
  expect(store.all).toMatchObject([
    { state: 'WAIT_FOR_DISPATCH', heldUntil: '2026-11-26T06:00:00.000Z', digest: true },
  ])
  expect(queued).toEqual([])
})

/** Pieces of templates that read custom data, each in a way that some value fails. */
const reading = fc
  .tuple(
    fc.constantFrom('a', 'b', 'constructor', '__proto__', 'toString', 'size'),
    fc.constantFrom(
      '{{ customData.N }}',
      '{{ customData.N.name.first }}',
      '{{ customData["N"] | json }}',
      "{{ customData.N | plural: one: 'x' }}",
      '{{ customData.N | divided_by: 0 }}',
      '{{ customData.N | date_long }}{{ customData.N | person }}{{ customData.N | number }}',
      '{% for i in (1..customData.N) %}x{% endfor %}',
      '{% for one in customData.N %}{{ one.name }}{% endfor %}',
      '{% if customData.N > 3 %}{{ customData.N | slice: 0, 9 }}{% endif %}',
      "{% if customData.N %}{{ customData.N | plural: one: 'x' }}{% endif %}",
      '{{ customData.N | sort: "name" | first }}',
      '{% fact "x" %}{{ customData.N | where: "a", 1 | map: "b" }}{% endfact %}',
    ),
  )
  .map(([name, text]) => text.replaceAll('N', name))
const paths = fc.constantFrom('taskTitle', 'taskPooledUsers', 'nobody', 'type', 'dueDate', 'sum')

describe('a template of the tenant’s own for the type', () => {
  const pool = (templates: Readonly<Record<string, string>>, ...people: readonly Subscribed[]) => {
    const ofType = { tenant: 'acme', eventType: 'task.assign' as const }
    const subscriptions = people.map((one) => ({ ...one, ...ofType, actions: [...one.actions] }))
    const { store, queued, ports } = memoryPorts(subscriptions)
    const usernames = people.map(({ username }) => username)
    const data = { type: 'task.create', taskTitle: 'Счёт', taskPooledUsers: usernames, sum: 1e9 }
    const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
    const render = createRender({ ...readBuiltIn(), ...templates })
    const textOf = (username: string) =>
      queued.find(({ notification: { address } }) => address.startsWith(`${username}@`))
        ?.notification.text
    return { store, textOf, outcome: notify(kind, event, { ...ports, render }) }
  }

  it('finds custom data empty that a person’s subscription does not define', async () => {
    const text = 'x\n\n[{{ customData.boss }}] [{{ customData.chief.name | upcase }}]\n'
    const boss = person('smith', { customData: { boss: 'taskTitle' } })
    const { outcome, textOf } = pool(
      { 'acme/task.create/any.ru.liquid': text },
      ...[person('ivanov'), boss, person('jones', { customData: { other: 'taskTitle' } })],
    )
    expect(await outcome).toBe('handled')
    expect(['ivanov', 'smith', 'jones'].map(textOf)).toEqual(['[] []\n', '[Счёт] []\n', '[] []\n'])
  })

  it('gives all others what they got without one person’s custom data, whatever it reads', async () => {
    const customData = fc.dictionary(fc.constantFrom('a', 'b'), paths, { maxKeys: 2 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 1, maxLength: 3 }),
        customData,
        async (...of) => {
          const [pieces, data] = of
          const template = { 'acme/task.create/any.ru.liquid': `x\n\nok${pieces.join('')}\n` }
          const others = [person('ivanov'), person('petrov', { locale: 'en' })]
          const without = pool(template, ...others)
          const all = pool(template, person('broken', { customData: data }), ...others)
          const outcomes = await Promise.allSettled([without.outcome, all.outcome])
          expect(outcomes[1].status).toBe(outcomes[0].status)
          const states = ({ store }: typeof all) =>
            store.all.map(({ username, state, reason }) => [username, state, reason])
          expect(states(all).filter(([username]) => username !== 'broken')).toEqual(states(without))
          for (const { username } of others)
            expect(all.textOf(username)).toBe(without.textOf(username))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('costs nobody else a message if one person’s custom data fail it', async () => {
    const text = "x\n\n{% if customData.n %}{{ customData.n | plural: one: 'файл' }}{% endif %}ok\n"
    const { outcome, store, textOf } = pool(
      { 'acme/task.create/any.ru.liquid': text },
      ...[person('ivanov'), person('smith', { customData: { n: 'taskPooledUsers' } })],
    )
    expect(await outcome).toBe('handled')
    expect(textOf('ivanov')).toBe('ok\n')
    expect(store.all.map(({ username, state }) => [username, state])).toEqual([
      ['ivanov', 'WAIT_FOR_DISPATCH'],
      ['smith', 'ERROR'],
    ])
  })
})

it('a notification that failed for good is due to be announced to a tenant that asks for results', async () => {
  const { store } = await tell([person('broken-one', { template: 'wrong' })], true)
  expect([...store.unannounced]).toEqual(store.all.map(({ notificationId }) => notificationId))
})

describe('custom data that is too large for a queue', () => {
  it('goes by reference, and reaches the channel whole', async () => {
    const { store, queued, ports } = memoryPorts([
      {
        ...{ tenant: 'acme', username: 'bigfan', eventType: 'task.assign' },
        actions: [{ channel: 'webhook', address: 'https://x', customData: { all: 'comment' } }],
      },
    ])
    const comment = 'Я'.repeat(600_000)
    const data = { type: 'task.create', taskPooledUsers: ['bigfan'], comment }
    const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
    expect(await notify(kind, event, ports)).toBe('handled')
    const [message] = queued
    expect(message?.notification).toMatchObject({ isKept: true, customData: {} })
    expect(Buffer.byteLength(JSON.stringify(message?.notification))).toBeLessThan(10_000)
    expect(store.all).toMatchObject([{ state: 'WAIT_FOR_DISPATCH' }])
    expect([...store.kept.values()]).toMatchObject([{ customData: { all: comment } }])
  })
})
