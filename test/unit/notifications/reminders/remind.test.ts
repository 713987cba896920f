import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { taskCompleteEvent, taskCreateEvent, taskEvent } from '../../../../lib/events/schemas.ts'
import type { EventMessage } from '../../../../lib/notifications/event-message.ts'
import { releaseHeld } from '../../../../lib/notifications/held.ts'
import type { NotificationKind } from '../../../../lib/notifications/kind.ts'
import type { Standing } from '../../../../lib/notifications/look-again.ts'
import { notify } from '../../../../lib/notifications/notify.ts'
import {
  assignee,
  pooledUsers,
  pooledUsersAndAssignee,
  soleAssignee,
} from '../../../../lib/notifications/recipients.ts'
import { taskInstance } from '../../../../lib/notifications/subjects.ts'
import type { Preferences } from '../../../../lib/notifications/subscriptions/preferences.ts'
import type { Subscription } from '../../../../lib/notifications/subscriptions/subscriptions.ts'
import { type ReminderSettings, usualReminders } from '../../../../lib/tenants/reminders.ts'
import { memoryPorts } from '../in-memory.ts'

const subject = taskInstance
/** As functions/on-task-….ts define them. */
const kinds = {
  'task.create': {
    ...{ type: 'task.create', schema: taskCreateEvent, subject },
    ...{ recipients: pooledUsers, reminds: 'recipients' },
  },
  'task.assign': {
    ...{ type: 'task.assign', schema: taskEvent, subject },
    ...{ recipients: soleAssignee, reminds: assignee },
  },
  'task.complete': {
    ...{ type: 'task.complete', schema: taskCompleteEvent, subject },
    ...{ recipients: pooledUsersAndAssignee, closes: true },
  },
  'task.delete': {
    ...{ type: 'task.delete', schema: taskEvent, subject },
    ...{ recipients: pooledUsersAndAssignee, closes: true },
  },
} as const satisfies Record<string, NotificationKind<object>>

/** Wednesday, 13:00 in Moscow. */
const now = new Date('2026-11-25T10:00:00Z')
/** Friday, 18:00. */
const due = Date.parse('2026-11-27T15:00:00Z')
const pool = ['ivanov', 'petrov']

type More = Partial<Subscription['actions'][number]> & { readonly preferences?: Preferences }

/** A tenant with these reminders, whose people get mails of tasks. */
function setUp(
  settings: ReminderSettings = { reminders: usualReminders },
  more: Readonly<Record<string, More>> = {},
) {
  const people = [...pool, 'sidorov'].map((username) => {
    const { preferences, ...action } = more[username] ?? {}
    const actions = [{ channel: 'email' as const, address: `${username}@acme.example`, ...action }]
    return {
      ...{ tenant: 'acme', username, eventType: 'task.assign' as const, actions },
      ...(preferences && { preferences }),
    }
  })
  const { ports, store, queued } = memoryPorts(people)
  let moment = now
  const all = { ...ports, now: () => moment, remindersOf: () => settings }
  const reminders = () => store.all.filter(({ eventType }) => eventType === 'task.reminder')
  return {
    store,
    reminders,
    people,
    ports: all,
    /** Everything that people were reminded of: who, and the title. */
    reminded: () =>
      queued.flatMap(({ notification: { eventType, address, title } }) =>
        eventType === 'task.reminder' ? [[address.split('@')[0], title]] : [],
      ),
    waiting: () =>
      reminders()
        .filter(({ state }) => state === 'WAIT_FOR_DISPATCH')
        .map(
          ({ username, reminder, heldUntil }) => `${username}: ${reminder?.text} at ${heldUntil}`,
        )
        .sort(),
    async send(
      type: keyof typeof kinds,
      event: Partial<EventMessage> & { data?: object; queuedAt?: Date } = {},
    ) {
      const data = {
        ...{ taskTitle: 'Договор', taskInstanceId: 't1', initiator: 'sidorov', dueDate: due },
        ...{ type, taskPooledUsers: pool, assignee: null },
        ...event.data,
      }
      const { data: _, queuedAt, ...rest } = event
      await notify<object>(
        kinds[type] as NotificationKind<object>,
        { tenant: 'acme', eventType: type, eventId: type, data, ...rest },
        { ...all, ...(queuedAt && { queuedAt }) },
      )
    },
    /** Runs what is due at the moment. */
    async at(time: string, standing?: Standing) {
      moment = new Date(time)
      await releaseHeld(moment, {
        ...{ dueNotifications: store, notifications: store, subjects: store, kept: store },
        subscriptions: ports.subscriptions,
        deadline: new AbortController().signal,
        fits: () => true,
        enqueue: ports.enqueue,
        ...(standing && { standingOf: async () => standing }),
      })
    },
  }
}

const taken = { data: { assignee: 'Petrov' }, sentAt: '2026-11-25T10:30:00Z' }

describe('a task in a pool', () => {
  it('is reminded of, until somebody takes it, and its initiator is told', async () => {
    const { send, waiting, at, reminded } = setUp()
    await send('task.create')
    expect(waiting()).toEqual([
      'ivanov: 1d before due at 2026-11-26T14:00:00.000Z',
      'ivanov: 4h untaken at 2026-11-25T14:00:00.000Z',
      'ivanov: overdue at 2026-11-30T06:00:00.000Z',
      'petrov: 1d before due at 2026-11-26T14:00:00.000Z',
      'petrov: 4h untaken at 2026-11-25T14:00:00.000Z',
      'petrov: overdue at 2026-11-30T06:00:00.000Z',
      'sidorov: 8h untaken, tell initiator at 2026-11-26T09:00:00.000Z',
    ])
    await at('2026-11-25T14:00:20Z')
    await at('2026-11-26T14:00:00Z')
    expect(reminded()).toEqual([
      ['ivanov', 'Задачу никто не взял: Договор'],
      ['petrov', 'Задачу никто не взял: Договор'],
      ['ivanov', 'Напоминание: срок завтра в 18:00: Договор'],
      ['petrov', 'Напоминание: срок завтра в 18:00: Договор'],
      ['sidorov', 'Задачу никто не взял: Договор'],
    ])
    await at('2026-11-30T06:00:00Z')
    expect(reminded().slice(5)).toEqual([
      ['ivanov', 'Просрочено: Договор'],
      ['petrov', 'Просрочено: Договор'],
    ])
  })

  it.each([
    ['before', ['task.create', 'task.assign']],
    ['after', ['task.assign', 'task.create']],
  ] as const)('is only for whoever takes it, where it was offered %s', async (_, types) => {
    const { send, waiting, reminders } = setUp()
    for (const type of types) await send(type, type === 'task.assign' ? taken : {})
    expect(waiting()).toEqual([
      'petrov: 1d before due at 2026-11-26T14:00:00.000Z',
      'petrov: overdue at 2026-11-30T06:00:00.000Z',
    ])
    const over = reminders().filter(({ state }) => state === 'CANCELLED')
    expect(new Set(over.map(({ reason }) => reason))).toEqual(
      new Set(types[0] === 'task.create' ? ['the task was assigned'] : []),
    )
  })

  it('has nobody to tell where the event names no initiator', async () => {
    const { send, waiting } = setUp({ reminders: ['overdue', '8h untaken, tell initiator'] })
    await send('task.create', { data: { initiator: null, taskPooledUsers: ['ivanov'] } })
    expect(waiting()).toEqual(['ivanov: overdue at 2026-11-30T06:00:00.000Z'])
  })

  it('is not reminded of without an id, by which its end could be known', async () => {
    const { send, reminders } = setUp()
    await send('task.create', { data: { taskInstanceId: null } })
    expect(reminders()).toEqual([])
  })

  it('is reminded of in as many writes as it takes', async () => {
    const many = Array.from({ length: 4 }, (_, index) => `${index + 1}h overdue`)
    const chain = (username: string) =>
      Array.from({ length: 5 }, (_, index) => ({
        ...{ channel: 'email' as const, address: `${username}${index}@acme.example` },
      }))
    const { people, ports, send, waiting } = setUp({ reminders: many })
    for (const person of people) Object.assign(person, { actions: chain(person.username) })
    const sizes: number[] = []
    const { addAll } = ports.notifications
    Object.assign(ports.notifications, {
      addAll: (all: Parameters<typeof addAll>[0]) => {
        if (all.some(({ notification }) => notification.reminder)) sizes.push(all.length)
        return addAll.call(ports.notifications, all)
      },
    })
    await send('task.create')
    expect(sizes).toEqual([25, 15])
    expect(waiting()).toHaveLength(40)
  })

  it('is not reminded of by an event that is not of its beginning', async () => {
    const { ports, reminders } = setUp()
    const { closes: _, ...kind } = kinds['task.complete']
    const data = { type: 'task.complete', taskPooledUsers: pool, taskInstanceId: 't1' }
    const event = { tenant: 'acme', eventType: 'task.complete', eventId: 'e' } as const
    await notify<object>(kind, { ...event, data: { ...data, dueDate: due } }, ports)
    expect(reminders()).toEqual([])
  })

  it('is not reminded of by what the index did not list when it was taken', async () => {
    const { send, store, at, reminded } = setUp()
    await send('task.create')
    const { notificationsOf } = store
    store.notificationsOf = async () => []
    await send('task.assign', taken)
    await at('2026-11-26T14:00:00Z')
    expect(reminded()).toEqual([['petrov', 'Напоминание: срок завтра в 18:00: Договор']])
    store.notificationsOf = notificationsOf
  })
})

describe('a reminder of a tenant that is', () => {
  const due = Date.parse('2026-12-31T09:00:00Z')
  const made = (days: number) => new Date(Date.parse('2027-01-01') - days * 86_400_000)

  it.each([
    ['here', 20, 'sent'],
    ['removed', 1, 'CANCELLED'],
    ['forgotten since it was made', 15, 'CANCELLED'],
    ['not known, though it has just been made', 13, 'sent'],
  ] as const)('%s', async (standing, days, outcome) => {
    const { send, at, reminded, store } = setUp({ reminders: ['overdue'] })
    await send('task.assign', { ...taken, data: { assignee: 'Petrov', dueDate: due } })
    for (const one of store.all) Object.assign(one, { createdAt: made(days).toISOString() })
    const isUnknown = standing !== 'here' && standing !== 'removed'
    await at('2027-01-01T00:00:00Z', isUnknown ? 'unknown' : standing)
    expect(reminded()).toHaveLength(outcome === 'sent' ? 1 : 0)
    const [reminder] = store.all.filter(({ eventType }) => eventType === 'task.reminder')
    if (outcome === 'CANCELLED') {
      expect(reminder).toMatchObject({ state: outcome, reason: 'the tenant was removed' })
    }
  })
})

describe('what is kept of a reminder', () => {
  const contents = ({ store, reminders }: ReturnType<typeof setUp>) =>
    reminders().filter(({ notificationId }) => store.kept.has(notificationId)).length

  it('goes when its task is taken, completed or deleted', async () => {
    for (const [type, left] of [
      ['task.assign', 2],
      ['task.complete', 0],
      ['task.delete', 0],
    ] as const) {
      const world = setUp()
      await world.send('task.create')
      expect(contents(world)).toBe(7)
      await world.send(type, type === 'task.assign' ? taken : {})
      expect(contents(world)).toBe(left)
    }
  })

  it('goes when it is over by the time it is due, and stays while it may be sent again', async () => {
    const world = setUp({ reminders: ['overdue'] })
    await world.send('task.assign', taken)
    await world.at('2026-11-30T06:00:00Z', 'removed')
    expect(world.reminders()).toMatchObject([{ state: 'CANCELLED' }])
    expect(contents(world)).toBe(0)

    const blocked = setUp({ reminders: ['overdue'] })
    await blocked.send('task.assign', taken)
    blocked.people.length = 0
    await blocked.at('2026-11-30T06:00:00Z')
    expect(blocked.reminders()).toMatchObject([{ state: 'BLOCKED' }])
    expect(contents(blocked)).toBe(1)
  })

  it('does not come back with an event that is handled again', async () => {
    const world = setUp()
    await world.send('task.create')
    const { stateOf } = world.store
    await world.send('task.complete')
    // As if the first event were handled beside the second, and knew nothing of it.
    world.store.stateOf = async () => ({ isClosed: false })
    await world.send('task.create', { eventId: 'again' })
    world.store.stateOf = stateOf
    expect(new Set(world.reminders().map(({ state }) => state))).toEqual(new Set(['CANCELLED']))
    expect(contents(world)).toBe(0)
  })

  it('and an operator cancelled goes with its task', async () => {
    const world = setUp({ reminders: ['overdue'] })
    await world.send('task.assign', taken)
    for (const one of world.reminders()) await world.store.change(one, { state: 'CANCELLED' })
    expect(contents(world)).toBe(1)
    await world.send('task.complete')
    expect(contents(world)).toBe(0)
  })

  it('costs nobody anything where it can not be deleted', async () => {
    const world = setUp()
    await world.send('task.create')
    world.store.forget = () => Promise.reject(new Error('S3 is down'))
    await world.send('task.complete')
    expect(world.waiting()).toEqual([])
    expect(contents(world)).toBe(7)
  })
})

describe('an assigned task', () => {
  const to = (assignee: string, more: object = {}) => ({ assignee, taskPooledUsers: [], ...more })

  it('moves its reminders to the next assignee and due date, also where the events come late', async () => {
    const first = { eventId: 'a1', sentAt: '2026-11-25T10:00:00Z', data: to('ivanov') }
    const later = Date.parse('2026-12-01T09:00:00Z')
    const second = {
      ...{ eventId: 'a2', sentAt: '2026-11-25T10:05:00Z' },
      data: to('petrov', { dueDate: later }),
    }
    for (const events of [
      [first, second],
      [second, first],
    ]) {
      const { send, waiting } = setUp()
      for (const event of events) await send('task.assign', event)
      expect(waiting()).toEqual([
        'petrov: 1d before due at 2026-11-30T09:00:00.000Z',
        'petrov: overdue at 2026-12-01T09:00:00.000Z',
      ])
    }
  })

  it.each([
    ['that came into the queue later', 'a2', 'a1', 1],
    ['with the greater id, where they came there at once', 'a1', 'a2', 0],
  ])('of two events of one second has that %s, whichever is handled first', async (...of) => {
    const [, firstId, secondId, later] = of
    // EventBridge's time of an event has whole seconds.
    const second = '2026-11-25T10:00:00Z'
    const at = (milliseconds: number) => new Date(Date.parse(second) + milliseconds)
    const first = { eventId: firstId, sentAt: second, queuedAt: at(5), data: to('ivanov') }
    const next = { eventId: secondId, sentAt: second, queuedAt: at(5 + later), data: to('petrov') }
    for (const events of [
      [first, next],
      [next, first],
      [next, first, next, first],
    ]) {
      const { send, waiting } = setUp({ reminders: ['overdue'] })
      for (const event of events) await send('task.assign', event)
      expect(waiting()).toEqual(['petrov: overdue at 2026-11-30T06:00:00.000Z'])
    }
  })

  it('comes back to somebody with new reminders', async () => {
    const { send, waiting } = setUp({ reminders: ['overdue'] })
    for (const [eventId, name] of [
      ['a1', 'ivanov'],
      ['a2', 'petrov'],
      ['a3', 'ivanov'],
    ] as const) {
      await send('task.assign', {
        eventId,
        data: to(name),
        sentAt: `2026-11-25T10:0${eventId[1]}:00Z`,
      })
    }
    expect(waiting()).toEqual(['ivanov: overdue at 2026-11-30T06:00:00.000Z'])
  })

  it('that goes back to its pool is reminded of no more', async () => {
    const { send, waiting } = setUp()
    await send('task.create')
    await send('task.assign', { eventId: 'none', data: { assignee: null } })
    expect(waiting()).toHaveLength(7)
    await send('task.assign', { ...taken, eventId: 'a1' })
    await send('task.assign', { ...taken, eventId: 'a2', data: { assignee: null } })
    expect(waiting()).toEqual([])
  })

  it('that goes back is reminded of no more, whichever of the events comes first', async () => {
    const assigned = { ...taken, eventId: 'a1' }
    const back = {
      ...taken,
      eventId: 'a2',
      sentAt: '2026-11-25T10:40:00Z',
      data: { assignee: null },
    }
    for (const events of [
      [assigned, back],
      [back, assigned],
      [back, assigned, back],
    ]) {
      const { send, waiting } = setUp({ reminders: ['overdue'] })
      await send('task.create')
      for (const event of events) await send('task.assign', event)
      expect(waiting()).toEqual([])
    }
  })
})

describe('the reminders of a person', () => {
  it('are their own where they have some, and none where they want none', async () => {
    const { send, waiting } = setUp(undefined, {
      ivanov: { reminders: ['2h overdue'] },
      petrov: { reminders: [] },
    })
    await send('task.create')
    expect(waiting()).toEqual(['ivanov: 2h overdue at 2026-11-30T08:00:00.000Z'])
  })

  it('are their own where the tenant has none, on whichever of their actions they stand', async () => {
    const mails = { channel: 'email', address: 'ivanov@acme.example' } as const
    const chat = { channel: 'telegram', address: '1234567', reminders: ['overdue'] } as const
    const { people, send, reminders } = setUp({})
    Object.assign(people[0] ?? {}, { actions: [mails, chat] })
    await send('task.create')
    expect(reminders().map(({ username, channel }) => [username, channel])).toEqual([
      ['ivanov', 'telegram'],
    ])
  })

  it('cost nothing where nobody has any: the initiator is not looked up, nothing is stored', async () => {
    const { send, ports, reminders } = setUp({}, { petrov: { reminders: [] } })
    const { find } = ports.subscriptions
    const asked: string[][] = []
    Object.assign(ports.subscriptions, {
      find: async (...of: Parameters<typeof find>) => {
        asked.push([...of[1]])
        return find(...of)
      },
    })
    await send('task.create')
    expect(reminders()).toEqual([])
    expect(asked).toEqual([pool])
  })

  it('are those of the tenant in their own words and language, as of the day that they come', async () => {
    const { send, ports, at, reminded } = setUp({ reminders: ['1d before due'] })
    ports.localeOf = () => 'en'
    await send('task.create', { data: { taskPooledUsers: ['ivanov'] } })
    await at('2026-11-26T14:00:00Z')
    expect(reminded()).toEqual([['ivanov', 'Reminder: due tomorrow at 18:00: Договор']])
  })

  it('wait for the end of quiet hours, unless they are urgent', async () => {
    const quietHours = { from: '16:30', to: '22:00' }
    const preferences = { timeZone: 'Europe/Moscow', quietHours }
    const { send, waiting } = setUp(
      { reminders: ['overdue'] },
      {
        ivanov: { preferences },
        petrov: { preferences: { ...preferences, urgent: ['task.reminder'] } },
      },
    )
    await send('task.create', { data: { dueDate: Date.parse('2026-11-27T14:00:00Z') } })
    expect(waiting()).toEqual([
      'ivanov: overdue at 2026-11-27T19:00:00.000Z',
      'petrov: overdue at 2026-11-27T14:00:00.000Z',
    ])
  })

  it('are sent on the channels that they allow for reminders, or else for tasks', async () => {
    const timeZone = 'Europe/Moscow'
    const { send, waiting, at, reminded } = setUp(
      { reminders: ['overdue'] },
      {
        ivanov: { preferences: { timeZone, channels: { 'task.reminder': [] } } },
        petrov: {
          preferences: { timeZone, channels: { 'task.assign': [], 'task.reminder': ['email'] } },
        },
        sidorov: { preferences: { timeZone, channels: { 'task.assign': [] } } },
      },
    )
    await send('task.create', { data: { taskPooledUsers: [...pool, 'sidorov'] } })
    expect(waiting()).toEqual(['petrov: overdue at 2026-11-30T06:00:00.000Z'])
    await at('2026-11-30T06:00:00Z')
    expect(reminded()).toEqual([['petrov', 'Просрочено: Договор']])
  })

  it('go to the first of the places tried one after another that may get them', async () => {
    const channels = { 'task.reminder': ['email' as const] }
    const { send, reminders } = setUp(
      { reminders: ['overdue'] },
      {
        ivanov: {
          ...{ channel: 'telegram', address: '1234567' },
          next: [{ channel: 'email', address: 'ivanov@acme.example' }],
          preferences: { timeZone: 'Europe/Moscow', channels },
        },
      },
    )
    await send('task.create', { data: { taskPooledUsers: ['ivanov'] } })
    expect(reminders().map(({ channel, state }) => [channel, state])).toEqual([
      ['email', 'WAIT_FOR_DISPATCH'],
    ])
  })

  it.each([
    [
      'come where one of the actions at their place asks for them',
      [
        {
          ...{ channel: 'telegram', address: '1234567', reminders: [] },
          next: [{ channel: 'email', address: 'ivanov@acme.example' }],
        },
        { channel: 'email', address: 'ivanov@acme.example', reminders: ['overdue'] },
      ],
      [['ivanov', 'Просрочено: Договор']],
    ],
    [
      'do not move to an address that wants none',
      [{ channel: 'email', address: 'other@acme.example', reminders: [] }],
      [],
    ],
    [
      'move to an address that has replaced theirs',
      [{ channel: 'email', address: 'other@acme.example', reminders: ['overdue'] }],
      [['other', 'Просрочено: Договор']],
    ],
  ] as const)('%s', async (_, actions, expected) => {
    const { send, ports, at, reminded } = setUp(undefined, { ivanov: { reminders: ['overdue'] } })
    await send('task.create', { data: { taskPooledUsers: ['ivanov'] } })
    const { find } = ports.subscriptions
    const changed: typeof find = async (...of) =>
      (await find(...of)).map((one) => ({ ...one, actions: actions as never }))
    Object.assign(ports.subscriptions, { find: changed })
    await at('2026-11-30T06:00:00Z')
    expect(reminded()).toEqual(expected)
  })

  it('that could not be written are there once that is mended and the event comes again', async () => {
    const { send, ports, reminders, waiting } = setUp({ reminders: ['overdue'] })
    const { render } = ports
    ports.render = (kind, data, options) => {
      if (kind.type === 'task.reminder') throw new TypeError('broken')
      return render(kind, data, options)
    }
    await send('task.create')
    expect(reminders().map(({ state }) => state)).toEqual(['ERROR', 'ERROR'])
    ports.render = render
    await send('task.create', { again: 'mended' })
    expect(waiting()).toEqual([
      'ivanov: overdue at 2026-11-30T06:00:00.000Z',
      'petrov: overdue at 2026-11-30T06:00:00.000Z',
    ])
  })

  it('end with their subscription, their channel or this reminder', async () => {
    const more: Record<string, More> = {
      ivanov: { reminders: ['overdue', '1d overdue'] },
      petrov: { reminders: ['overdue'] },
    }
    const { send, ports, reminders, at, reminded } = setUp(undefined, more)
    await send('task.create')
    const { find } = ports.subscriptions
    const changed: typeof find = async (...of) =>
      (await find(...of)).map((one) =>
        one.username === 'ivanov'
          ? {
              ...one,
              actions: one.actions.map((action) => ({ ...action, reminders: ['1d overdue'] })),
            }
          : { ...one, actions: [] },
      )
    Object.assign(ports.subscriptions, { find: changed })
    await at('2026-12-01T06:01:00Z')
    expect(reminded()).toEqual([['ivanov', 'Просрочено: Договор']])
    expect(
      reminders().flatMap(({ username, state, reason }) =>
        state === 'BLOCKED' ? [[username, reason]] : [],
      ),
    ).toEqual([
      ['ivanov', 'the subscription has no such reminder any more'],
      ['petrov', 'the person is no longer subscribed with this address'],
    ])
  })

  it('are theirs alone: one that fails costs no other', async () => {
    const { send, waiting, reminders, ports } = setUp(
      { reminders: ['overdue'] },
      {
        petrov: { locale: 'en' },
      },
    )
    const { render } = ports
    ports.render = (kind, data, options) => {
      if (options.locale === 'en' && kind.type === 'task.reminder') throw new TypeError('broken')
      return render(kind, data, options)
    }
    await send('task.create')
    expect(waiting()).toEqual(['ivanov: overdue at 2026-11-30T06:00:00.000Z'])
    expect(reminders().find(({ username }) => username === 'petrov')).toMatchObject({
      state: 'ERROR',
      reason: 'unexpected-error: TypeError',
    })
  })
})

/** One thing that happens to a task: its event comes, perhaps twice, or some time passes. */
const step = fc.oneof(
  fc.constantFrom('task.create', 'task.complete', 'task.delete', 'ivanov', 'petrov'),
  fc.integer({ min: 1, max: 120 }).map((hours) => ({ hours })),
)

describe('in any order of its events, each of which may come twice,', () => {
  it('whoever has the task at last is reminded of it, and nobody else', async () => {
    const assignments = ['ivanov', 'petrov', 'sidorov'].map((name, minute) => ({
      ...{ eventId: name, sentAt: `2026-11-25T10:0${minute}:00Z` },
      data: { assignee: name },
    }))
    const orders = fc
      .subarray(['task.create', ...assignments, 'task.create', ...assignments] as const)
      .chain((some) => fc.shuffledSubarray([...some], { minLength: some.length }))
    await fc.assert(
      fc.asyncProperty(orders, async (events) => {
        const { send, waiting } = setUp({ reminders: ['overdue'] })
        for (const event of events) {
          if (typeof event === 'object') await send('task.assign', event)
          else await send(event)
        }
        const latest = assignments.findLast((one) => events.includes(one))?.eventId
        const names = latest === undefined ? (events.length > 0 ? pool : []) : [latest]
        const expected = names.map((name) => `${name}: overdue at 2026-11-30T06:00:00.000Z`)
        expect(waiting()).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('nobody is reminded of a task after its end, or twice, or of what somebody else has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { send, at, reminded, waiting } = setUp()
        let [time, isClosed, assigned] = [now.getTime(), false, undefined as string | undefined]
        const latest = { ivanov: 1, petrov: 2 }
        for (const one of steps) {
          const before = reminded().length
          if (typeof one === 'object') {
            time += one.hours * 3_600_000
            await at(new Date(time).toISOString())
            if (isClosed) expect(reminded()).toHaveLength(before)
            const others = reminded()
              .slice(before)
              .map(([name]) => name)
              .filter((name) => assigned !== undefined && name !== assigned)
            expect(others).toEqual([])
          } else if (one === 'ivanov' || one === 'petrov') {
            // Of the two assignments, that of petrov is the later one.
            const minute = latest[one]
            const event = { eventId: one, sentAt: `2026-11-25T10:0${minute}:00Z` }
            await send('task.assign', { ...event, data: { assignee: one } })
            if (assigned === undefined || one === 'petrov') assigned = one
          } else {
            await send(one)
            isClosed ||= one !== 'task.create'
          }
          if (isClosed) expect(waiting()).toEqual([])
        }
        const told = reminded().map((one) => JSON.stringify(one))
        expect(told.filter((one, index) => told.indexOf(one) !== index)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})

describe('one person’s fault', () => {
  it.each([
    ['a time zone that only Intl takes', { preferences: { timeZone: 'IST' } as Preferences }],
    ['reminders that are none', { reminders: [7, 'x', '1d before due'] as never }],
    [
      'quiet hours that never end',
      { preferences: { quietHours: { from: '10:00', to: '10:00' } } as unknown as Preferences },
    ],
    ['a condition that is none', { condition: { t: 'eq', att: 7 } as never }],
  ])('leaves the reminders of all others as they are: %s', async (_, fault) => {
    const without = setUp()
    await without.send('task.create', { data: { taskPooledUsers: ['petrov'] } })
    const { send, waiting } = setUp(undefined, { ivanov: fault })
    await send('task.create')
    const of = (all: readonly string[]) => all.filter((one) => one.startsWith('petrov'))
    expect(of(waiting())).toEqual(of(without.waiting()))
    expect(of(waiting())).toHaveLength(3)
  })
})
