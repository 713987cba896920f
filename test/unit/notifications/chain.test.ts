import { describe, expect, it } from '@jest/globals'
import { taskCreateEvent } from '../../../lib/events/schemas.ts'
import { lookBefore, supersede } from '../../../lib/notifications/chain.ts'
import { releaseHeld } from '../../../lib/notifications/held.ts'
import { notify } from '../../../lib/notifications/notify.ts'
import { pooledUsers } from '../../../lib/notifications/recipients.ts'
import type { NotificationRecord } from '../../../lib/notifications/store.ts'
import { withoutPlace } from '../../../lib/notifications/subscriptions/actions.ts'
import { newAction } from '../../../lib/notifications/subscriptions/new-action.ts'
import { type Action, action } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { switchedOff, switchedOn } from '../../../lib/notifications/subscriptions/switch-off.ts'
import { MemoryStore, memoryPorts, queued, type Stored } from './in-memory.ts'

const kind = { type: 'task.create', schema: taskCreateEvent, recipients: pooledUsers } as const
const email = { channel: 'email', address: 'smith@acme.example' } as const
const sms = { channel: 'sms', address: '+79991234567', afterMinutes: 30 } as const
const telegram = { channel: 'telegram', address: '1234567', next: [email, sms] } as const

/** An event comes at 10:00 to somebody with these actions. */
async function setUp(actions: readonly Action[], preferences?: object) {
  const { ports, store, queued } = memoryPorts([
    {
      ...{ tenant: 'acme', username: 'smith', eventType: 'task.assign', actions: [...actions] },
      ...(preferences && { preferences: Object.assign(preferences, { timeZone: 'UTC' }) }),
    },
  ])
  const send = () =>
    notify(
      kind,
      {
        ...{ tenant: 'acme', eventType: 'task.create', eventId: 'e1' },
        data: { type: 'task.create', taskPooledUsers: ['smith'] },
      },
      ports,
    )
  await send()
  return {
    send,
    sent: () => queued.map(({ channel }) => channel),
    of: (channel: string) => store.all.find((one) => one.channel === channel) as Stored,
    all: () => store.all.map(({ channel, state, reason = '' }) => [channel, state, reason]),
    waits: () => store.all.map(({ channel, heldUntil }) => [channel, heldUntil?.slice(11, 16)]),
    at: (time: string) =>
      releaseHeld(new Date(`2026-11-25T${time}:00Z`), {
        ...{ dueNotifications: store, notifications: store, subjects: store, kept: store },
        ...{ subscriptions: ports.subscriptions, enqueue: ports.enqueue, fits: () => true },
        deadline: new AbortController().signal,
      }),
  }
}

describe('places that are tried one after another', () => {
  it('wait for the one before, each for its time', async () => {
    const { sent, waits } = await setUp([action.parse(telegram)])
    expect(sent()).toEqual(['telegram'])
    expect(waits()).toEqual([
      ['telegram', undefined],
      ['email', '10:10'],
      ['sms', '10:40'],
    ])
  })

  it('get nothing if it was delivered', async () => {
    const { sent, of, at, all } = await setUp([action.parse(telegram)])
    of('telegram').state = 'SENT'
    await at('11:00')
    expect(sent()).toEqual(['telegram'])
    expect(all().slice(1)).toEqual([
      ['email', 'CANCELLED', 'delivered by telegram'],
      ['sms', 'CANCELLED', 'delivered by telegram'],
    ])
  })

  it('get it if it failed, until one delivers it', async () => {
    const { sent, of, at, all } = await setUp([action.parse(telegram)])
    of('telegram').state = 'ERROR'
    await at('10:10')
    expect(sent()).toEqual(['telegram', 'email'])
    of('email').state = 'SENT'
    await at('10:40')
    expect(sent()).toEqual(['telegram', 'email'])
    expect(all().at(-1)).toEqual(['sms', 'CANCELLED', 'delivered by email'])
  })

  it('get it if it was not delivered in time, and then it is not sent any more', async () => {
    const { sent, at, all } = await setUp([action.parse(telegram)])
    await at('10:10')
    await at('10:40')
    expect(sent()).toEqual(['telegram', 'email', 'sms'])
    expect(all()).toEqual([
      ['telegram', 'CANCELLED', 'not delivered in time: email is tried instead'],
      ['email', 'CANCELLED', 'not delivered in time: sms is tried instead'],
      ['sms', 'WAIT_FOR_DISPATCH', ''],
    ])
  })

  it.each([
    ['quiet hours hold both until then', '10:30', { quietHours: { from: '09:00', to: '10:30' } }],
    ['a run comes late', '10:20', undefined],
  ])('wait for the one before where %s', async (_, time, later) => {
    const preferences = { timeZone: 'UTC', quietHours: { from: '09:00', to: '10:05' } }
    const { sent, at, waits, of } = await setUp([action.parse(telegram)], preferences)
    expect(waits().slice(0, 2)).toEqual([
      ['telegram', '10:05'],
      ['email', '10:15'],
    ])
    if (later) {
      Object.assign(preferences, later)
      await at('10:05')
      await at('10:15')
      expect(sent()).toEqual([])
    }
    await at(time)
    expect(sent()).toEqual(['telegram'])
    of('telegram').state = 'ERROR'
    await at('10:50')
    expect(sent()).toEqual(['telegram', 'email'])
  })

  it('do not wait for one that can not be released', async () => {
    const quietHours = { from: '09:00', to: '10:05' }
    const { sent, at, of } = await setUp([action.parse(telegram)], { quietHours })
    const { heldUntil = '' } = of('telegram')
    await at('10:05')
    // As if its release had failed.
    of('telegram').heldUntil = heldUntil
    await at('10:15')
    expect(sent()).toContain('email')
  })

  it('come at once after one that can get nothing at all, and each once', async () => {
    const off = { reason: 'blocked', at: '2026-11-01T00:00:00Z' }
    const { sent, send, at, all, of } = await setUp([action.parse({ ...telegram, off })])
    await send()
    expect(sent()).toEqual(['email'])
    expect(all()[0]).toEqual(['telegram', 'BLOCKED', 'the address is switched off: blocked'])
    of('email').state = 'EXPIRED'
    await at('10:30')
    await at('10:31')
    expect(sent()).toEqual(['email', 'sms'])
  })

  it('are looked at again: one that is no longer tried next gets nothing', async () => {
    const actions = [action.parse(telegram)]
    const { sent, of, at } = await setUp(actions, { channels: { '*': ['telegram', 'email'] } })
    of('telegram').state = 'ERROR'
    await at('10:40')
    expect(sent()).toEqual(['telegram', 'email'])
    expect(of('sms')).toMatchObject({ state: 'BLOCKED' })
  })

  it('stand behind an action of their own at the same place', async () => {
    const { sent, waits } = await setUp([action.parse(telegram), action.parse(email)])
    expect(sent().sort()).toEqual(['email', 'telegram'])
    expect(waits()).toEqual([
      ['telegram', undefined],
      ['email', undefined],
      ['sms', '10:40'],
    ])
  })
})

describe('an action with places to try next', () => {
  it('has their addresses checked, and each once', () => {
    const problem = (next: readonly object[]) =>
      newAction().safeParse({ ...telegram, next }).error?.issues[0]
    expect(problem([{ ...email, address: 'smith' }])?.path).toEqual(['next', 0, 'address'])
    expect(problem([email, email])).toMatchObject({
      path: ['next', 1, 'address'],
      message: 'is tried already',
    })
    expect(problem([{ ...email, afterMinutes: 0 }])?.path).toEqual(['next', 0, 'afterMinutes'])
    expect(problem(Array.from({ length: 4 }, () => email))?.path).toEqual(['next'])
    const parsed = newAction().parse({
      ...telegram,
      next: [{ ...email, address: 'S <s@a.example>' }],
    })
    expect(parsed.next).toEqual([{ channel: 'email', address: 's@a.example' }])
  })

  it('is switched off and on at each place', () => {
    const off = { reason: 'SMTP 5.1.1', at: '2026-11-25T00:00:00Z' }
    const place = { tenant: 'acme', username: 'smith', ...email }
    const actions = [action.parse(telegram)]
    const [switched] = switchedOff(actions, place, off)
    expect(switched?.next).toEqual([{ ...email, off }, sms])
    expect(switched && switchedOn(switched, place)).toEqual(actions[0])
  })

  it('is left with its other places where one is removed', () => {
    const actions = [action.parse(telegram)]
    expect(withoutPlace(actions, email)).toEqual([{ ...telegram, next: [sms] }])
    const alone = { channel: 'telegram', address: '1234567' }
    expect(withoutPlace(withoutPlace(actions, email), sms)).toEqual([alone])
    expect(withoutPlace(actions, telegram)).toEqual([])
  })

  it('goes on with the next place where a token is gone', () => {
    const push = { channel: 'push', address: 'token' } as const
    const place = { tenant: 'acme', username: 'smith', ...push }
    const actions = [action.parse({ ...push, locale: 'en', next: [sms, email] })]
    expect(switchedOff(actions, place, { reason: 'gone', at: '' })).toEqual([
      { channel: 'sms', address: sms.address, locale: 'en', next: [email] },
    ])
  })
})

describe('what comes before a notification', () => {
  const now = new Date('2026-11-25T10:00:00Z')
  const idOf = (at: number) => String(at).padStart(64, '0')
  const waiting = { state: 'WAIT_FOR_DISPATCH', channel: 'email' } as const

  /** A notification due at the time, after those before it, the first of which is not on record. */
  async function setUp(
    before: readonly Partial<NotificationRecord>[],
    heldUntil = '2026-11-25T10:00:00Z',
  ) {
    const store = new MemoryStore(() => now)
    for (const [at, one] of before.entries()) {
      await store.add({ ...queued, username: 'smith', notificationId: idOf(at) }, { state: 'SENT' })
      Object.assign(store.notifications.get(idOf(at)) ?? {}, one)
    }
    const awaits = ['f'.repeat(64), ...store.all.map(({ notificationId }) => notificationId)]
    const record: NotificationRecord = {
      ...{ ...queued, username: 'smith', channel: 'sms', ...{ heldUntil, awaits } },
      ...{ state: 'WAIT_FOR_DISPATCH', deliveries: [], attempts: 0, resend: 0 },
    }
    return { store, record, look: () => lookBefore(record, now, store) }
  }
  const turnAfter = async (
    before: readonly Partial<NotificationRecord>[],
    heldUntil?: string,
  ): Promise<string | undefined> => (await (await setUp(before, heldUntil)).look()).turn
  const tenPast = '2026-11-25T10:10:00.000Z'

  it('may have delivered it', async () => {
    const { look } = await setUp([
      { ...waiting, heldUntil: '2026-11-25T11:00:00Z' },
      { channel: 'telegram', state: 'SENT' },
    ])
    expect(await look()).toEqual({ deliveredBy: 'telegram' })
    const { look: lookAfter } = await setUp([{ state: 'ERROR' }, { state: 'UNCERTAIN' }])
    expect(await lookAfter()).toEqual({})
  })

  it('has its ten minutes, counted from the latest of those that are held', async () => {
    const held = (time: string) => ({ ...waiting, heldUntil: `2026-11-25T${time}:00Z` })
    expect(await turnAfter([held('10:30'), held('10:20')])).toBe('2026-11-25T10:40:00.000Z')
    expect(await turnAfter([held('10:00')])).toBeUndefined()
    expect(await turnAfter([held('09:00')])).toBeUndefined()
    expect(await turnAfter([waiting])).toBeUndefined()
  })

  it('has its ten minutes from now on, where the run is more than two minutes late', async () => {
    expect(await turnAfter([waiting], '2026-11-25T09:58:00Z')).toBeUndefined()
    expect(await turnAfter([waiting], '2026-11-25T09:57:59Z')).toBe(tenPast)
    expect(
      await turnAfter([{ ...waiting, heldUntil: '2026-11-25T09:50:00Z' }], '2026-11-25T09:55:00Z'),
    ).toBe(tenPast)
  })

  it('has had its chance where it was tried, or will not be', async () => {
    const late = '2026-11-25T09:00:00Z'
    expect(await turnAfter([{ ...waiting, attempts: 1 }], late)).toBeUndefined()
    expect(await turnAfter([{ ...waiting, state: 'ERROR' }], late)).toBeUndefined()
  })

  it('is cancelled as far as it waits, once the notification takes its place', async () => {
    const { store, record } = await setUp([waiting, { state: 'ERROR' }, { state: 'UNCERTAIN' }])
    await supersede(record, store)
    expect(store.all.map(({ state, reason }) => [state, reason])).toEqual([
      ['CANCELLED', 'not delivered in time: sms is tried instead'],
      ['ERROR', undefined],
      ['UNCERTAIN', undefined],
    ])
    const { awaits: _, ...alone } = record
    await supersede(alone, store)
    expect(await lookBefore(alone, now, store)).toEqual({})
  })
})
