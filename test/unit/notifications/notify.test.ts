import { describe, expect, it } from '@jest/globals'
import { type CommentEvent, commentEvent, taskEvent } from '../../../lib/events/schemas.ts'
import { parseEventMessage } from '../../../lib/notifications/event-message.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import { notify } from '../../../lib/notifications/notify.ts'
import { pooledUsers } from '../../../lib/notifications/recipients.ts'
import type { Preferences } from '../../../lib/notifications/subscriptions/preferences.ts'
import type {
  Action,
  Subscription,
} from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'
import { memoryPorts, outcomesIn } from './in-memory.ts'

const kind = {
  type: 'task.create',
  schema: taskEvent,
  recipients: pooledUsers,
} as const

const data = { type: 'task.create', taskTitle: 'Счёт', taskPooledUsers: ['Ivanov', 'petrov'] }
const event = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }

const to = (address: string, locale?: string): Action => ({
  channel: 'email',
  address,
  ...(locale && { locale }),
})
function subscribed(username: string, ...actions: Action[]): Subscription {
  return { tenant: 'acme', username, eventType: 'task.assign', actions }
}
const both = [
  subscribed('ivanov', to('ivanov@acme.example')),
  subscribed('petrov', to('petrov@acme.example', 'en')),
]

describe('an event', () => {
  it('that names nobody goes to all who are subscribed to its type', async () => {
    const { store, queued, ports } = memoryPorts([
      { ...subscribed('ivanov', to('ivanov@acme.example')), eventType: 'comment.added' },
      { ...subscribed('petrov', to('petrov@acme.example')), eventType: 'record.create' },
      {
        ...subscribed('smith', to('smith@other.example')),
        tenant: 'other',
        eventType: 'comment.added',
      },
    ])
    const kind: NotificationKind<CommentEvent> = {
      type: 'comment.added',
      schema: commentEvent,
      recipients: () => 'subscribers',
    }
    const comment = { tenant: 'acme', eventType: 'comment.added', eventId: 'c1' }
    const data = { type: 'comment.added', textAfter: 'Прошу уточнить' }

    expect(await notify(kind, { ...comment, data }, ports)).toBe('handled')
    expect(queued.map(({ notification: { address, title } }) => [address, title])).toEqual([
      ['ivanov@acme.example', 'Новый комментарий: Прошу уточнить'],
    ])
    expect([...store.events.values()]).toMatchObject([{ recipients: 1, notifications: 1 }])
    const nobody = memoryPorts([])
    expect(await notify(kind, { ...comment, data }, nobody.ports)).toBe('recipients-not-found')
  })

  it('becomes a notification for each recipient and action, stored and queued for its tenant', async () => {
    const { store, queued, ports } = memoryPorts(both)

    expect(await notify(kind, event, ports)).toBe('handled')

    expect(
      queued.map(({ channel, group, notification: { address, title, locale } }) => {
        return { channel, group, address, title, locale }
      }),
    ).toEqual([
      {
        channel: 'email',
        group: 'acme',
        address: 'ivanov@acme.example',
        title: 'Новая задача: Счёт',
        locale: 'ru',
      },
      {
        channel: 'email',
        group: 'acme',
        address: 'petrov@acme.example',
        title: 'New task: Счёт',
        locale: 'en',
      },
    ])
    expect(store.all.map(({ username, state }) => [username, state])).toEqual([
      ['ivanov', 'WAIT_FOR_DISPATCH'],
      ['petrov', 'WAIT_FOR_DISPATCH'],
    ])
    expect(queued.map(({ notification }) => notification.notificationId)).toEqual(
      store.all.map(({ notificationId }) => notificationId),
    )
    expect([...store.events.keys()]).toEqual(['acme#task.create#e1'])
    expect(outcomesIn(store)).toEqual([{ state: 'HANDLED', recipients: 2, notifications: 2 }])
  })

  it('with nobody to tell is on record as such', async () => {
    const { store, ports } = memoryPorts(both)
    const nobody = { ...event, data: { ...data, taskPooledUsers: [] } }
    expect(await notify(kind, nobody, ports)).toBe('recipients-not-found')
    expect(outcomesIn(store)).toEqual([
      { state: 'RECIPIENTS_NOT_FOUND', recipients: 0, notifications: 0 },
    ])
  })

  it('is on record with what it is about, and when it was where, for operators', async () => {
    const { store, ports } = memoryPorts(both)
    const [time, queuedAt] = ['2026-11-25T09:58:00Z', new Date('2026-11-25T09:59:00Z')]
    await notify(kind, { ...event, time }, { ...ports, queuedAt })
    expect([...store.events.values()]).toMatchObject([
      {
        about: { task: 'Счёт' },
        happenedAt: time,
        queuedAt: queuedAt.toISOString(),
        startedAt: ports.now().toISOString(),
      },
    ])
  })

  it('tells everybody once more for each replay that is to, and once for each', async () => {
    const { store, queued, ports } = memoryPorts(both)
    const told = async (again: object) => {
      queued.length = 0
      await notify(kind, { ...event, ...again }, ports)
      for (const record of store.all) await ports.notifications.change(record, { state: 'SENT' })
      return queued.map(({ notification }) => notification.address)
    }
    const everybody = ['ivanov@acme.example', 'petrov@acme.example']
    expect(await told({})).toEqual(everybody)
    expect(await told({})).toEqual([])
    expect(await told({ again: 'again-1' })).toEqual(everybody)
    expect(await told({ again: 'again-1' })).toEqual([])
    expect(await told({ again: 'again-2' })).toEqual(everybody)
    expect(store.all).toHaveLength(6)
  })

  it('of one tenant tells nobody of another', async () => {
    const { queued, ports } = memoryPorts(both)
    await notify(kind, { ...event, tenant: 'other' }, ports)
    expect(queued).toEqual([])
  })

  it('makes one notification of an action that is there twice', async () => {
    const { store, queued, ports } = memoryPorts([subscribed('ivanov', to('i@x'), to('i@x'))])
    await notify(kind, event, ports)
    expect(queued).toHaveLength(1)
    expect(store.all).toHaveLength(1)
  })

  it('for a pool becomes one notification each, and none is left out', async () => {
    const users = Array.from({ length: 100 }, (_, index) => `u${index + 100}`)
    const { queued, ports } = memoryPorts(users.map((user) => subscribed(user, to(`${user}@x`))))
    await notify(kind, { ...event, data: { ...data, taskPooledUsers: users } }, ports)
    expect(queued.map(({ notification }) => notification.address)).toEqual(
      users.map((user) => `${user}@x`),
    )
  })

  it('is told to a group of people after another, and the process has time for others between', async () => {
    const users = Array.from({ length: 100 }, (_, index) => `u${index + 100}`)
    const two = ['email', 'sms'].map((channel) => ({ channel, address: '+79160000000' }) as Action)
    const { store, ports } = memoryPorts(users.map((user) => subscribed(user, ...two)))
    const sizes: number[] = []
    const notifications = Object.assign(Object.create(store), {
      addAll: (all: Parameters<typeof store.addAll>[0]) => {
        sizes.push(all.length)
        return store.addAll(all)
      },
    })
    const pool = { ...event, data: { ...data, taskPooledUsers: users } }
    await notify(kind, pool, { ...ports, notifications })
    expect(sizes).toEqual(Array.from({ length: 20 }, () => 10))
  })

  it("is told by the action's template and custom data, in the person's time zone", async () => {
    const action = { ...to('a@acme.example'), template: 'own', customData: { who: 'initiator' } }
    const preferences = { timeZone: 'Asia/Yekaterinburg' }
    const { queued, ports } = memoryPorts([
      { ...subscribed('ivanov', action), preferences } as Subscription,
      subscribed('petrov', { ...action, customData: { who: 'nobody' } }),
    ])
    const own = "{{ customData.who | default: '?' }} {{ event.dueDate | date_short }}"
    const render = createRender({ ...readBuiltIn(), 'acme/own/any.ru.liquid': own })
    const due = { ...data, initiator: 'Sidorov', dueDate: 1767225600000 }
    await notify(kind, { ...event, data: due }, { ...ports, render })
    expect(queued.map(({ notification: { title } }) => title)).toEqual([
      'Sidorov 01.01.2026, 05:00 (Екатеринбург)',
      '? 01.01.2026, 03:00 (Москва)',
    ])
  })

  it('calls people by their names, as far as they are known', async () => {
    const { queued, ports } = memoryPorts(both)
    const asked: (readonly string[])[] = []
    const subscriptions = {
      ...ports.subscriptions,
      displayNames: async (_: string, usernames: readonly string[]) => {
        asked.push(usernames)
        return { sidorov: 'Сидоров С. С.' }
      },
    }
    const people = { ...data, initiator: 'Sidorov', assignee: 'Petrov' }
    await notify(kind, { ...event, data: people }, { ...ports, subscriptions })
    expect(asked).toEqual([['sidorov', 'petrov']])
    expect(queued[0]?.notification.text).toContain('Инициатор: Сидоров С. С.\n')
  })

  it('speaks the language of the tenant where the action names none', async () => {
    const { queued, ports } = memoryPorts(both)
    await notify(kind, event, { ...ports, localeOf: () => 'en' })
    expect(queued.map(({ notification }) => notification.title)).toEqual([
      'New task: Счёт',
      'New task: Счёт',
    ])
  })

  it('that is too large for the bus is read from where its data lies', async () => {
    const { queued, ports } = memoryPorts(both)
    const loaded: string[] = []
    const load = async (reference: string) => {
      loaded.push(reference)
      return JSON.stringify(data)
    }
    const { data: _, ...rest } = event
    await notify(
      kind,
      { ...rest, dataref: 's3://b/events/acme/k' },
      { ...ports, payloads: { load } },
    )
    expect(loaded).toEqual(['s3://b/events/acme/k'])
    expect(queued).toHaveLength(2)
  })
})

describe('an event that comes again after a crash', () => {
  it('between store and queue: what waits is queued', async () => {
    const { queued, ports } = memoryPorts(both)
    const enqueue = async () => {
      throw new Error('crash')
    }
    await expect(notify(kind, event, { ...ports, enqueue })).rejects.toThrow('crash')
    expect(await notify(kind, event, ports)).toBe('handled')
    expect(queued).toHaveLength(2)
  })

  it('before its own record: what is sent or failed for good is not queued', async () => {
    const { store, queued, ports } = memoryPorts(both)
    await notify(kind, event, ports)
    const [first, second] = store.all
    if (first) first.state = 'SENT'
    if (second) Object.assign(second, { state: 'ERROR', attempts: 1 })
    store.events.clear()
    queued.length = 0

    expect(await notify(kind, event, ports)).toBe('handled')
    expect(queued).toEqual([])
    expect(store.all.map(({ state }) => state)).toEqual(['SENT', 'ERROR'])
  })
})

describe('a notification that is not for now', () => {
  const preferring = (preferences: Partial<Preferences>) => {
    const subscription = subscribed('ivanov', to('ivanov@acme.example'))
    return memoryPorts([{ ...subscription, preferences: { timeZone: 'UTC', ...preferences } }])
  }

  it('is held until the quiet hours end, and kept whole', async () => {
    const { store, queued, ports } = preferring({ quietHours: { from: '09:00', to: '11:00' } })
    await notify(kind, event, ports)
    const heldUntil = '2026-11-25T11:00:00.000Z'
    expect(store.all).toMatchObject([{ state: 'WAIT_FOR_DISPATCH', heldUntil, digest: false }])
    expect([...store.kept.values()]).toMatchObject([{ title: 'Новая задача: Счёт' }])
    expect(queued).toEqual([])
  })

  it('stays held when its event comes again after the quiet hours', async () => {
    const { store, queued, ports } = preferring({ quietHours: { from: '09:00', to: '11:00' } })
    await notify(kind, event, ports)
    await notify(kind, event, { ...ports, now: () => new Date('2026-11-25T12:00:00Z') })
    expect(queued).toEqual([])
    expect(store.all).toHaveLength(1)
  })

  it('is BLOCKED where the person does not want it there, and kept whole', async () => {
    const { store, queued, ports } = preferring({ channels: { '*': [] } })
    await notify(kind, event, ports)
    expect(store.all).toMatchObject([{ state: 'BLOCKED', reason: expect.any(String) }])
    expect(store.kept.size).toBe(1)
    expect(queued).toEqual([])
  })
})

describe('an event that ends its subject', () => {
  const create = { ...kind, subject: () => 'task-1' }
  const complete = { ...create, closes: true } as const
  const end = { ...event, eventId: 'e2' }

  it('cancels what waits for it, and is told itself', async () => {
    const { store, queued, ports } = memoryPorts(both)
    await notify(create, event, ports)
    const [first] = store.all
    if (first) first.state = 'SENT'
    await notify(complete, end, ports)
    expect(store.all.map(({ eventId, username, state }) => [eventId, username, state])).toEqual([
      ['e1', 'ivanov', 'SENT'],
      ['e1', 'petrov', 'CANCELLED'],
      ['e2', 'ivanov', 'WAIT_FOR_DISPATCH'],
      ['e2', 'petrov', 'WAIT_FOR_DISPATCH'],
    ])
    expect(queued).toHaveLength(4)
    // A sender cancels what is about a closed subject: the news of the end is about none.
    expect(store.all.map(({ subject }) => subject)).toEqual([
      ...['task-1', 'task-1'],
      ...[undefined, undefined],
    ])
  })

  it('cancels what comes after it', async () => {
    const { store, queued, ports } = memoryPorts(both)
    await notify(complete, end, ports)
    queued.length = 0
    await notify(create, event, ports)
    const states = store.all.filter(({ eventId }) => eventId === 'e1').map(({ state }) => state)
    expect(states).toEqual(['CANCELLED', 'CANCELLED'])
    expect(queued).toEqual([])
  })

  it('leaves other subjects and other tenants alone', async () => {
    const { store, ports } = memoryPorts([...both, { ...both[0], tenant: 'other' } as Subscription])
    await notify({ ...kind, subject: () => 'task-2' }, event, ports)
    await notify(create, { ...event, tenant: 'other' }, ports)
    await notify(complete, end, ports)
    expect(store.all.filter(({ state }) => state === 'CANCELLED')).toEqual([])
  })
})

describe('an event of more than a hundred people', () => {
  const named = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`)
  const crowd = (count: number, more: object = {}) => {
    return { ...event, data: { ...data, taskPooledUsers: named(count), ...more } }
  }

  it('is told in parts, and of a hundred at once', async () => {
    const { store, parts, ports } = memoryPorts([])
    expect(await notify(kind, crowd(100), ports)).toBe('handled')
    expect(parts).toEqual([])
    store.events.clear()
    expect(await notify(kind, crowd(101), ports)).toBe('in-parts')
    expect(parts).toHaveLength(3)
    expect([...store.events.values()]).toMatchObject([{ state: 'IN_PARTS', recipients: 101 }])
  })

  it('is handled with its last part, with all that is noted of it', async () => {
    const { store, parts, ports } = memoryPorts([subscribed('u7', to('u7@acme.example'))])
    const time = '2026-11-25T09:58:00Z'
    const odd = crowd(101, { taskPooledUsers: [...named(101), { name: 'x' }] })
    await notify(kind, { ...odd, time }, ports)
    // It comes again: its parts are queued again, which does no harm.
    expect(await notify(kind, { ...odd, time }, ports)).toBe('in-parts')
    const [first, second, third, ...again] = parts.splice(0).map(parseEventMessage)
    expect(again).toEqual([first, second, third])
    const outcomes: string[] = []
    for (const one of [third, first, second]) {
      if (one) outcomes.push(await notify(kind, one, ports))
    }
    expect(outcomes).toEqual(['part-handled', 'part-handled', 'handled'])
    expect([...store.events.values()]).toEqual([
      {
        ...{ state: 'HANDLED', recipients: 101, notifications: 1, about: { task: 'Счёт' } },
        ...{ unread: ['taskPooledUsers'], happenedAt: time },
      },
    ])
    for (const one of [first, odd]) {
      if (one) expect(await notify(kind, one, ports)).toBe('duplicate')
    }
  })
})

describe('an event that is being told in parts', () => {
  it('goes on in them, however few people it has by now', async () => {
    const { queued, parts, ports } = memoryPorts(both)
    const ranges = [
      { after: undefined, upTo: 'm' },
      { after: 'm', upTo: undefined },
    ]
    await ports.events.begin(event, { state: 'IN_PARTS', recipients: 200, ranges })
    expect(await notify(kind, event, ports)).toBe('in-parts')
    expect([queued.length, parts.length]).toEqual([0, 2])
    const failed = { username: 'ivanov', notificationId: 'n' }
    expect(await notify(kind, { ...event, failed }, ports)).toBe('planned-again')
    expect(queued.map(({ notification }) => notification.address)).toEqual(['ivanov@acme.example'])
    expect(parts).toHaveLength(2)
  })
})

describe('an event whose template fails for everyone', () => {
  it('rests until the template is mended, and is told then', async () => {
    const { store, queued, ports } = memoryPorts(both)
    const render = createRender({
      ...readBuiltIn(),
      'acme/task.create/any.ru.liquid': 'x\n\n{{ event.nobodyKnows }}\n',
      'acme/task.create/any.en.liquid': 'x\n\n{{ event.nobodyKnows }}\n',
    })
    await expect(notify(kind, event, { ...ports, render })).rejects.toMatchObject({
      code: 'template-failed',
    })
    expect(store.events.size).toBe(0)
    expect(store.all.map(({ state }) => state)).toEqual(['ERROR', 'ERROR'])
    expect(await notify(kind, event, ports)).toBe('handled')
    expect(queued).toHaveLength(2)
  })
})

describe('an event that can not be handled', () => {
  it.each([
    ['an object for the users', { ...data, taskPooledUsers: { secret: 1 } }, 'taskPooledUsers'],
    ['a text for the users', { ...data, taskPooledUsers: 'secret' }, 'taskPooledUsers'],
    ['no data', undefined, 'the whole'],
  ])('for %s names the field, and not what stands in it', async (_, wrong, field) => {
    const { store, queued, ports } = memoryPorts(both)
    await expect(notify(kind, { ...event, data: wrong }, ports)).rejects.toMatchObject({
      code: 'invalid-event-data',
      message: `The data of task.create e1 of the tenant acme does not fit: ${field}`,
    })
    expect(queued).toEqual([])
    expect(store.events.size).toBe(0)
  })

  it.each([
    [{ assignee: { name: 'x' } }, undefined],
    [{ taskPooledUsers: ['petrov', { name: 'x' }] }, ['taskPooledUsers']],
  ])('does not include one with some recipients that can be read: %j', async (fields, unread) => {
    const { store, queued, ports } = memoryPorts(both)
    const odd = { ...event, data: { ...data, ...fields } }
    expect(await notify(kind, odd, ports)).toBe('handled')
    expect(queued.map(({ notification }) => notification.address)).toContain('petrov@acme.example')
    expect([...store.events.values()]).toEqual([
      expect.objectContaining({ state: 'HANDLED', unread }),
    ])
  })

  it('for being of another type is refused', async () => {
    const { ports } = memoryPorts(both)
    const other = { ...event, eventType: 'task.delete' }
    await expect(notify(kind, other, ports)).rejects.toMatchObject({
      code: 'unexpected-event-type',
    })
  })
})
