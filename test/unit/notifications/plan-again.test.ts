import { describe, expect, it } from '@jest/globals'
import { recordEvent, taskEvent } from '../../../lib/events/schemas.ts'
import { parseEventMessage } from '../../../lib/notifications/event-message.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import type { NotificationState } from '../../../lib/notifications/notification.ts'
import { notify } from '../../../lib/notifications/notify.ts'
import { planAgain } from '../../../lib/notifications/plan-again.ts'
import { pooledUsers } from '../../../lib/notifications/recipients.ts'
import { resend } from '../../../lib/notifications/resend.ts'
import type { Preferences } from '../../../lib/notifications/subscriptions/preferences.ts'
import type {
  BrokenAction,
  Subscription,
} from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'
import { MemoryStore, memoryPorts, queued as message } from './in-memory.ts'

const toTask = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const
const toRecord = {
  type: 'record.update',
  schema: recordEvent,
  recipients: () => 'subscribers' as const,
} as const

type Subscribed = Subscription & {
  preferences?: Preferences
  preferencesFault?: string
  broken?: readonly BrokenAction[]
}

/** An event of two people, of whom the second is stored as given, and what an operator does then. */
async function setUp(second: Partial<Subscribed>, kind: typeof toTask | typeof toRecord = toTask) {
  const eventType = kind === toTask ? ('task.assign' as const) : ('record.update' as const)
  const person = (username: string): Subscribed => ({
    ...{ tenant: 'acme', username, eventType },
    actions: [{ channel: 'email', address: `${username}@acme.example` }],
  })
  const people = [person('anna'), { ...person('boris'), ...second }]
  const { store, queued, ports } = memoryPorts(people)
  const event = {
    ...{ tenant: 'acme', eventType: kind.type, eventId: 'e1', time: '2026-11-25T10:00:00Z' },
    data: { type: kind.type, taskTitle: 'Счёт', taskPooledUsers: ['anna', 'boris'], sum: 1 },
  }
  const tell = (of: Parameters<typeof notify>[1], render = ports.render) =>
    notify(kind as NotificationKind<object>, of, { ...ports, render })
  const messages: string[] = []
  const failed = (by = 'email') =>
    store.all.find(({ username, channel }) => {
      return username === 'boris' && (channel === by || channel === 'unknown')
    })
  const again = async (by?: string) => {
    const record = failed(by)
    if (!record) throw new Error('no record')
    return resend(record, ports.now(), {
      ...ports,
      ...{ kept: store, keptEvents: store.keptEvents, notifications: store },
      enqueueEvents: async (type, sent) => {
        expect([type, ...sent.map(({ group }) => group)]).toEqual([kind.type, 'acme'])
        messages.push(...sent.map(({ body }) => body))
      },
    })
  }
  const handle = async () => {
    const outcomes: string[] = []
    for (const body of messages.splice(0)) outcomes.push(await tell(parseEventMessage(body)))
    return outcomes
  }
  const addresses = () => queued.map(({ notification: { address } }) => address)
  const mend = (more: Partial<Subscribed> = {}) => {
    people[1] = { ...person('boris'), ...more }
  }
  return { store, queued, event, tell, failed, again, handle, addresses, mend }
}

describe('a notification that could not be planned', () => {
  it.each([
    ['of those whom the event names', toTask],
    ['of the type’s subscribers', toRecord],
  ] as const)('is planned again once that is mended, and nobody else: %s', async (_, kind) => {
    const { event, tell, failed, again, handle, addresses, mend } = await setUp(
      { preferencesFault: 'they do not fit' },
      kind,
    )
    expect(await tell(event)).toBe('handled')
    expect(failed()).toMatchObject({ state: 'ERROR', reason: expect.stringMatching(/prefer/) })

    mend()
    expect(await again()).toBe('to-be-planned')
    // Twice, as an operator may.
    expect(await again()).toBe('to-be-planned')
    expect(await handle()).toEqual(['planned-again', 'planned-again'])
    expect(failed()).toMatchObject({ state: 'WAIT_FOR_DISPATCH' })
    expect(failed()?.reason).toBeUndefined()
    // The sender drops what it has sent.
    expect(new Set(addresses())).toEqual(new Set(['anna@acme.example', 'boris@acme.example']))
    expect(addresses().filter((address) => address.startsWith('anna'))).toHaveLength(1)
    expect(await tell(event)).toBe('duplicate')
  })

  it('fails again, with the reason of then, until that is mended', async () => {
    const render = createRender({
      ...readBuiltIn(),
      'acme/own/any.ru.liquid': '{{ event.nobody }}',
    })
    const actions = [{ channel: 'email' as const, address: 'boris@acme.example', template: 'own' }]
    const { event, tell, failed, again, handle, mend } = await setUp({ actions })
    expect(await tell(event, render)).toBe('handled')
    expect(failed()?.reason).toMatch(/^template-failed: acme/)
    expect(await again()).toBe('to-be-planned')
    // The template is there no longer, and the type's own takes its place.
    expect(await handle()).toEqual(['planned-again'])
    expect(failed()?.state).toBe('WAIT_FOR_DISPATCH')
    mend()
    await expect(again()).rejects.toMatchObject({ code: 'not-resendable' })
  })

  it('is cancelled when its person is subscribed otherwise by then, and is told by that', async () => {
    const broken = [{ channel: 'unknown', address: 'action 1', fault: 'no such channel' }] as const
    const { event, tell, failed, again, handle, addresses, mend } = await setUp({
      actions: [],
      broken,
    })
    await tell(event)
    expect(failed()).toMatchObject({ channel: 'unknown', state: 'ERROR' })
    mend()
    await again()
    expect(await handle()).toEqual(['planned-again'])
    expect(failed()).toMatchObject({ channel: 'unknown', state: 'CANCELLED' })
    expect(addresses()).toContain('boris@acme.example')
  })

  it('is not held for quiet hours, since an operator asks for it now', async () => {
    const { event, tell, failed, again, handle, addresses, mend } = await setUp({
      preferencesFault: 'they do not fit',
    })
    await tell(event)
    mend({ preferences: { timeZone: 'UTC', quietHours: { from: '09:00', to: '11:00' } } })
    await again()
    await handle()
    expect(failed()?.heldUntil).toBeUndefined()
    expect(addresses()).toContain('boris@acme.example')
  })

  it('is tried next, after the place before it, as it was to be', async () => {
    const place = { channel: 'email', address: 'boris@acme.example' } as const
    const next = [{ channel: 'sms', address: '+79991234567' }] as const
    const render = createRender({
      ...readBuiltIn(),
      'acme/own/sms.ru.liquid': '{{ event.nobody }}',
    })
    const actions = [{ ...place, template: 'own', next: [...next] }]
    const { event, tell, failed, again, handle, mend } = await setUp({ actions })
    await tell(event, render)
    expect(failed('sms')?.state).toBe('ERROR')
    mend({ actions: [{ ...place, next: [...next] }] })
    expect(await again('sms')).toBe('to-be-planned')
    await handle()
    expect(failed('sms')).toMatchObject({
      ...{ state: 'WAIT_FOR_DISPATCH', heldUntil: '2026-11-25T10:10:00.000Z' },
      awaits: [failed('email')?.notificationId],
    })
  })

  it('by a replay that tells all again is planned for that replay', async () => {
    const { event, tell, store, again, handle, mend } = await setUp({
      preferencesFault: 'they do not fit',
    })
    await tell({ ...event, again: 'again-1' })
    const ids = store.all.map(({ notificationId }) => notificationId)
    mend()
    await again()
    expect(await handle()).toEqual(['planned-again'])
    expect(store.all.map(({ notificationId }) => notificationId)).toEqual(ids)
    expect(store.all.map(({ state }) => state)).toEqual(['WAIT_FOR_DISPATCH', 'WAIT_FOR_DISPATCH'])
  })

  it('comes from an event that is kept only where one failed', async () => {
    const { event, tell, store } = await setUp({})
    await tell(event)
    expect(await store.keptEvents.load(event)).toBeUndefined()
  })
})

describe('what failed, once its person is told again', () => {
  const event = { tenant: 'acme', eventType: 'task.assign', eventId: 'e1' }
  const { notificationId } = message

  /** @returns the state and the reason of the notification then */
  async function afterTelling(ids: readonly string[], state: NotificationState = 'ERROR') {
    const store = new MemoryStore()
    await store.add({ ...message, username: 'boris' }, { state })
    const asked: unknown[] = []
    const boris = { username: 'boris', actions: [] }
    const find = async (...of: unknown[]) => {
      asked.push(of)
      return [boris]
    }
    const told: unknown[] = []
    const tell = async (subscribers: readonly object[]) => {
      told.push(...subscribers)
      return { ids }
    }
    const ports = { notifications: store, subscriptions: { find } }
    const failed = { username: 'boris', notificationId }
    expect(await planAgain(event, failed, 'task.assign', tell, ports)).toBe('planned-again')
    expect(asked).toEqual([['acme', ['boris'], 'task.assign']])
    expect(told).toEqual([boris])
    return store.all.map((one) => [one.state, one.reason])[0]
  }
  const superseded = 'the person is subscribed otherwise by now, and was told by that'

  it('is cancelled only where others were made in its stead, and it still fails', async () => {
    expect(await afterTelling(['other'])).toEqual(['CANCELLED', superseded])
    expect(await afterTelling(['other', notificationId])).toEqual(['ERROR', undefined])
    expect(await afterTelling([])).toEqual(['ERROR', undefined])
    for (const state of ['WAIT_FOR_DISPATCH', 'EXPIRED', 'BLOCKED'] as const) {
      expect(await afterTelling(['other'], state)).toEqual([state, undefined])
    }
  })
})
