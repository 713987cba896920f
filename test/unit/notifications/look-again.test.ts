import { describe, expect, it } from '@jest/globals'
import { type LookAgainPorts, lookAgain, present } from '../../../lib/notifications/look-again.ts'
import { notificationId } from '../../../lib/notifications/notification.ts'
import type { NotificationRecord } from '../../../lib/notifications/store.ts'
import type { Action, Subscriber } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { MemoryStore } from './in-memory.ts'

const now = new Date('2026-11-25T09:00:30Z')
const place = { channel: 'email', address: 'ivanov@acme.example' } as const
const about = {
  ...{ tenant: 'acme', eventType: 'task.assign', eventId: 'e1', username: 'ivanov', ...place },
} as const
const held: NotificationRecord = {
  ...{ ...about, notificationId: notificationId(about), heldUntil: '2026-11-25T09:00:00.000Z' },
  ...{ state: 'WAIT_FOR_DISPATCH', deliveries: [], attempts: 0, resend: 0 },
}
const reminder: NotificationRecord = {
  ...{ ...held, eventType: 'task.reminder', eventId: 't1', subject: 't1' },
  reminder: { text: 'overdue', to: 'recipient' },
}
const sms = { channel: 'sms', address: '+79991234567' } as const
const off = { reason: 'HTTP 410', at: '2026-11-24T00:00:00Z' }

type Person = Partial<Subscriber>

/** How things stand for these people, by user name, and what was asked of the stores. */
async function setUp(people: Readonly<Record<string, Person>> = { ivanov: { actions: [place] } }) {
  const store = new MemoryStore(() => now)
  const asked: unknown[] = []
  const ports: LookAgainPorts = {
    notifications: store,
    subjects: {
      statesOf(tenant, ids) {
        asked.push(['subjects', tenant, ids])
        return store.statesOf(tenant, ids)
      },
    },
    subscriptions: {
      async find(tenant, usernames, type) {
        asked.push(['people', tenant, usernames, type])
        return Object.entries(people).flatMap(([username, person]) =>
          usernames.includes(username) ? [{ username, actions: [], ...person }] : [],
        )
      },
    },
    async standingOf(tenant) {
      asked.push(['standing', tenant])
      return 'here'
    },
  }
  const look = async (
    record: NotificationRecord = held,
    of: Partial<LookAgainPorts> = {},
    moment = now,
  ) => {
    const some = { ...ports, ...of }
    return lookAgain(record, await present([record], some, moment), moment, some)
  }
  return { store, ports, asked, look }
}

const lookAt = async (person: Person, record = held, moment = now) => {
  const { look } = await setUp({ ivanov: person })
  return look(record, {}, moment)
}
const due = { is: 'due', address: place.address }
const ends = (state: string, reason: unknown) => ({ is: 'over', change: { state, reason } })

describe('what is read of held notifications', () => {
  it('is read once for each tenant and type', async () => {
    const { ports, asked } = await setUp()
    const other = { ...held, tenant: 'other', subject: 't9' }
    await present(
      [
        { ...held, subject: 't1' },
        { ...held, subject: 't2', username: 'petrov' },
        { ...held, subject: 't1', eventType: 'record.update' },
        { ...held, eventType: 'task.create' },
        { ...held, eventType: 'notification.test' },
        ...[other, other],
        reminder,
      ],
      ports,
      now,
    )
    expect(asked).toHaveLength(8)
    expect(asked).toEqual(
      expect.arrayContaining([
        ['standing', 'acme'],
        ['subjects', 'acme', ['t1', 't2']],
        ['people', 'acme', ['ivanov', 'petrov'], 'task.assign'],
        ['people', 'acme', ['ivanov'], 'record.update'],
        ['people', 'acme', ['ivanov'], 'task.assign'],
        ['subjects', 'other', ['t9']],
        ['people', 'other', ['ivanov'], 'task.assign'],
      ]),
    )
  })

  it('is nothing of what it does not need', async () => {
    const { ports, asked } = await setUp()
    await present([], ports, now)
    await present([{ ...held, eventType: 'notification.test' }], ports, now)
    expect(asked).toEqual([])
  })

  it('is of each tenant its own', async () => {
    const { store, ports } = await setUp()
    await store.close({ ...about, tenant: 'other' }, { id: 't1' })
    const mine = { ...held, subject: 't1' }
    const other = { ...mine, tenant: 'other' }
    const now2 = await present([mine, other], ports, now)
    expect(now2.whyOver(mine)).toBeUndefined()
    expect(now2.whyOver(other)).toBe('its subject is closed')
  })
})

describe('a held notification', () => {
  it('is due at its address, as long as the person is subscribed with that', async () => {
    expect(await lookAt({ actions: [place] })).toEqual(due)
    expect(await lookAt({ actions: [{ ...sms, next: [place] }] })).toEqual(due)
  })

  it.each(['SENT', 'CANCELLED', 'BLOCKED', 'ERROR'] as const)('in %s is over', async (state) => {
    expect(await lookAt({ actions: [place] }, { ...held, state })).toEqual({ is: 'over' })
  })

  it('of no channel is over', async () => {
    const record = { ...held, channel: 'unknown' as const }
    expect(await lookAt({ actions: [place] }, record)).toEqual({ is: 'over' })
  })

  it('of a type that nobody subscribes to is due', async () => {
    for (const eventType of ['notification.test', 'notification.digest']) {
      const { look } = await setUp({})
      expect(await look({ ...held, eventType })).toEqual(due)
    }
  })

  it('about a closed subject is cancelled', async () => {
    const { store, look } = await setUp()
    await store.close(about, { id: 't1' })
    expect(await look({ ...held, subject: 't1' })).toEqual(
      ends('CANCELLED', 'its subject is closed'),
    )
    expect(await look({ ...held, subject: 't2' })).toEqual(due)
    expect(await look(held)).toEqual(due)
  })

  it('is cancelled where the place before has delivered, and waits for its turn', async () => {
    const { store, look } = await setUp()
    const telegram = { ...about, channel: 'telegram', address: '1' } as const
    const before = { ...telegram, notificationId: notificationId(telegram) }
    const record = { ...held, awaits: [before.notificationId] }
    await store.add(before, {
      state: 'WAIT_FOR_DISPATCH',
      heldUntil: '2026-11-25T10:00:00.000Z',
    })
    expect(await look(record)).toEqual({ is: 'held', until: '2026-11-25T10:10:00.000Z' })
    const [stored] = store.all
    if (stored) stored.state = 'SENT'
    expect(await look(record)).toEqual(ends('CANCELLED', 'delivered by telegram'))
    if (stored) stored.state = 'ERROR'
    expect(await look(record)).toEqual(due)
  })

  it('is ERROR where the preferences can not be read', async () => {
    expect(await lookAt({ actions: [place], preferencesFault: 'they do not fit' })).toEqual(
      ends('ERROR', 'invalid-preferences: they do not fit'),
    )
  })

  it.each([
    [{ 'task.assign': [] }, held],
    [{ '*': ['sms' as const] }, held],
    [{ 'task.assign': [] }, { ...held, eventType: 'task.create' }],
    [{ 'task.reminder': [] }, reminder],
  ])('is BLOCKED where the channel is turned off: %j', async (channels, record) => {
    const preferences = { timeZone: 'UTC', channels }
    expect(await lookAt({ actions: [place], preferences }, record)).toEqual(
      ends('BLOCKED', 'the person has turned the event type off for this channel'),
    )
  })

  it('waits for the end of quiet hours of now', async () => {
    const preferences = { timeZone: 'UTC', quietHours: { from: '08:00', to: '11:00' } }
    const until = { is: 'held', until: '2026-11-25T11:00:00.000Z' }
    expect(await lookAt({ actions: [place], preferences })).toEqual(until)
    const { heldUntil: _, ...unheld } = held
    expect(await lookAt({ actions: [place], preferences }, unheld)).toEqual(due)
  })

  it('is ERROR where the time zone can not be computed with', async () => {
    const preferences = { timeZone: 'IST', quietHours: { from: '08:00', to: '11:00' } }
    expect(await lookAt({ actions: [place], preferences })).toEqual(
      ends('ERROR', expect.stringMatching(/^invalid-preferences: .*IST/)),
    )
  })

  it('is BLOCKED at an address that is switched off, and only at that', async () => {
    const blocked = ends('BLOCKED', 'the address is switched off: HTTP 410')
    expect(await lookAt({ actions: [{ ...place, off }] })).toEqual(blocked)
    expect(await lookAt({ actions: [{ ...sms, off, next: [place] }] })).toEqual(due)
    expect(await lookAt({ actions: [{ ...sms, next: [{ ...place, off }] }] })).toEqual(blocked)
  })

  it('is BLOCKED where the person has no such action any more, or none at all', async () => {
    const blocked = ends('BLOCKED', 'the person is no longer subscribed with this address')
    expect(await lookAt({ actions: [] })).toEqual(blocked)
    expect(await lookAt({ actions: [sms] })).toEqual(blocked)
    const { look } = await setUp({})
    expect(await look()).toEqual(blocked)
    const broken = [{ channel: 'sms', address: 'action 1', fault: 'x' }] as const
    expect(await lookAt({ actions: [], broken })).toEqual(blocked)
  })

  it.each(['email', 'unknown'] as const)(
    'is ERROR where a broken action by %s may be its own',
    async (channel) => {
      const broken = [{ channel, address: 'action 1', fault: 'it is broken' }]
      expect(await lookAt({ actions: [], broken })).toEqual(
        ends('ERROR', 'invalid-subscription: it is broken'),
      )
      expect(await lookAt({ actions: [place], broken })).toEqual(due)
    },
  )
})

describe('a held notification whose address has been replaced', () => {
  const away = { channel: 'email', address: 'new@acme.example' } as const
  const other: Action = { channel: 'email', address: 'other@acme.example' }
  const blocked = ends('BLOCKED', 'the person is no longer subscribed with this address')

  it('goes to the new one on its channel', async () => {
    expect(await lookAt({ actions: [sms, away, other] })).toEqual({
      ...{ is: 'due', address: away.address },
    })
  })

  it('does not go to one that is switched off', async () => {
    expect(await lookAt({ actions: [{ ...away, off }] })).toEqual(blocked)
    expect(await lookAt({ actions: [{ ...away, off }, other] })).toEqual({
      ...{ is: 'due', address: other.address },
    })
  })

  it('does not go to one that the event has notified', async () => {
    const { store, look } = await setUp({ ivanov: { actions: [away] } })
    const notified = { ...about, ...away }
    await store.add(
      { ...notified, notificationId: notificationId(notified) },
      { state: 'WAIT_FOR_DISPATCH' },
    )
    expect(await look()).toEqual(blocked)
  })
})

describe('held notifications by the rule of a tenant', () => {
  const rule: Action = { channel: 'email', address: '{{ username }}@acme.example' }

  it('are due at the address that it makes of the name', async () => {
    expect(await lookAt({ byRule: true, actions: [rule] })).toEqual(due)
    expect(await lookAt({ byRule: true, actions: [{ ...sms, next: [rule] }] })).toEqual(due)
    // An action of the person's own is no template.
    expect(await lookAt({ actions: [rule] })).toEqual({ is: 'due', address: rule.address })
  })

  it('are BLOCKED where that is gone for the person, also as a next place', async () => {
    const gone = { 'email ivanov@acme.example': off }
    const blocked = ends('BLOCKED', 'the address is switched off: HTTP 410')
    expect(await lookAt({ byRule: true, actions: [rule], gone })).toEqual(blocked)
    expect(await lookAt({ byRule: true, actions: [{ ...sms, next: [rule] }], gone })).toEqual(
      blocked,
    )
  })

  it('are due where one of its places can not be one', async () => {
    const none = { ...rule, address: '{{ telegram }}' }
    expect(await lookAt({ byRule: true, actions: [none, rule] })).toEqual(due)
    const next = { ...sms, next: [none, rule] }
    expect(await lookAt({ byRule: true, actions: [next] })).toEqual(due)
  })
})

describe('a reminder', () => {
  const asking = (...reminders: string[]): Action => ({ ...place, reminders })

  it('is due as long as the action asks for it, or leaves it to the tenant', async () => {
    expect(await lookAt({ actions: [place] }, reminder)).toEqual(due)
    expect(await lookAt({ actions: [asking('1d before due', 'overdue')] }, reminder)).toEqual(due)
    expect(await lookAt({ actions: [asking(), asking('overdue')] }, reminder)).toEqual(due)
    const blocked = ends('BLOCKED', 'the subscription has no such reminder any more')
    expect(await lookAt({ actions: [asking('1d before due')] }, reminder)).toEqual(blocked)
    expect(await lookAt({ actions: [asking()] }, reminder)).toEqual(blocked)
  })

  it('of the initiator is for no action to ask for', async () => {
    const told = { ...reminder, reminder: { text: 'overdue', to: 'initiator' as const } }
    expect(await lookAt({ actions: [asking()] }, told)).toEqual(due)
  })

  it('does not move to an address that does not ask for it', async () => {
    const away = { channel: 'email', address: 'new@acme.example' } as const
    const actions = [{ ...away, reminders: [] }]
    expect(await lookAt({ actions }, reminder)).toMatchObject({ change: { state: 'BLOCKED' } })
    expect(await lookAt({ actions: [{ ...away, reminders: ['overdue'] }] }, reminder)).toEqual({
      ...{ is: 'due', address: away.address },
    })
  })

  it('of another assignment is cancelled', async () => {
    const { store, look } = await setUp()
    const of = (assignedBy?: string) => ({
      ...reminder,
      reminder: { text: 'overdue', to: 'recipient' as const, ...(assignedBy && { assignedBy }) },
    })
    await store.assign('acme', { id: 't1' }, { eventId: 'e2', at: '1', order: '1' })
    expect(await look(of('e2'))).toEqual(due)
    for (const one of [of('e1'), of()]) {
      expect(await look(one)).toEqual(ends('CANCELLED', 'the task was assigned'))
    }
  })

  it.each<[string, 'here' | 'removed' | 'unknown', string | undefined, boolean]>([
    ['of a tenant that is here', 'here', '2026-01-01T00:00:00.000Z', true],
    ['of a tenant that was removed', 'removed', '2026-11-25T00:00:00.000Z', false],
    ['of a tenant that was removed, at an unknown time', 'removed', undefined, false],
    ['that was made before its tenant was forgotten', 'unknown', '2026-11-11T09:00:29Z', false],
    ['that is as old as that', 'unknown', '2026-11-11T09:00:30Z', true],
    ['of unknown age', 'unknown', undefined, true],
  ])('%s', async (_, standing, createdAt, isDue) => {
    const { look } = await setUp()
    const record = { ...reminder, ...(createdAt && { createdAt }) }
    const standingOf = async () => standing
    const over = ends('CANCELLED', 'the tenant was removed')
    expect(await look(record, { standingOf })).toEqual(isDue ? due : over)
    // Another notification goes out, wherever its tenant is.
    expect(await look({ ...held, ...(createdAt && { createdAt }) }, { standingOf })).toEqual(due)
  })

  it('of a removed tenant takes nothing else of that tenant along', async () => {
    const { ports } = await setUp()
    const some = { ...ports, standingOf: async () => 'removed' as const }
    const standing = await present([reminder, held], some, now)
    expect(standing.whyOver(reminder)).toBe('the tenant was removed')
    expect(standing.whyOver(held)).toBeUndefined()
  })

  it('needs nobody to know of its tenant', async () => {
    const { ports } = await setUp()
    const { standingOf: _, ...others } = ports
    expect((await present([reminder], others, now)).whyOver(reminder)).toBeUndefined()
  })
})
