import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { parseEventMessage } from '../../../lib/notifications/event-message.ts'
import { type NotificationState, parseQueued } from '../../../lib/notifications/notification.ts'
import { type ResendPorts, resend } from '../../../lib/notifications/resend.ts'
import type { NotificationRecord } from '../../../lib/notifications/store.ts'
import { MemoryStore, queued } from './in-memory.ts'

const now = new Date('2026-11-26T08:00:00Z')

async function setUp() {
  const store = new MemoryStore(() => now)
  const about = { ...queued, username: 'ivanov' }
  const reason = 'invalid-preferences: The time zone IST'
  await store.add(about, { state: 'ERROR', reason })
  const sent: string[] = []
  const ports = {
    notifications: store,
    kept: store,
    keptEvents: store.keptEvents,
    enqueueEvents: async () => {},
    enqueue: async (_: string, messages: readonly { body: string }[]) =>
      void sent.push(...messages.map(({ body }) => body)),
  }
  const again = async () => {
    const record = await store.find(about)
    if (record) await resend(record, now, ports)
  }
  return { store, stored: [...store.notifications.values()][0], sent, again }
}

it('a notification that failed before it was queued has no content: its event has to be told again', async () => {
  const { stored, sent, again } = await setUp()
  await expect(again()).rejects.toMatchObject({ code: 'not-resendable' })
  await expect(again()).rejects.toThrow(
    /failed before it was queued \(invalid-preferences: .*\).*Mend that.*redrive.*task\.assign e1.*replay --again/,
  )
  expect([sent, stored?.state]).toEqual([[], 'ERROR'])
})

it('a notification whose content is no longer kept says where it may be', async () => {
  const { stored, again } = await setUp()
  Object.assign(stored ?? {}, { attempts: 3, endedAt: now.toISOString() })
  await expect(again()).rejects.toMatchObject({ code: 'not-resendable' })
  await expect(again()).rejects.toThrow(/content.*no longer kept.*dead-letter queue of email/)
})

describe('a notification that is sent again', () => {
  const delivered = { attempts: 2, endedAt: '2026-11-25T11:00:00.000Z' }

  /** A notification in this state, whose content is kept, and what comes of sending it again. */
  async function kept(state: NotificationState, about: Partial<NotificationRecord> = delivered) {
    const store = new MemoryStore(() => now)
    await store.add({ ...queued, username: 'ivanov' }, { state })
    await store.keep({ ...queued, customData: { sum: 1 } })
    const [stored] = store.all
    if (!stored) throw new Error('no record')
    Object.assign(stored, about)
    const sent: unknown[] = []
    const events: unknown[] = []
    const ports: ResendPorts = {
      ...{ notifications: store, kept: store, keptEvents: store.keptEvents },
      enqueue: async (channel, messages) =>
        void sent.push(
          ...messages.map(({ body, group }) => ({ ...parseQueued(body), to: channel, group })),
        ),
      enqueueEvents: async (type, messages) =>
        void events.push(
          ...messages.map(({ body, group }) => ({ type, group, ...parseEventMessage(body) })),
        ),
    }
    const again = (more: Partial<ResendPorts> = {}) =>
      resend({ ...stored }, now, { ...ports, ...more })
    return { store, stored, sent, events, again }
  }

  it.each(['ERROR', 'EXPIRED', 'UNCERTAIN', 'BLOCKED'] as const)(
    'waits again in %s, with a new time to live',
    async (state) => {
      const { stored, sent, events, again } = await kept(state)
      expect(await again()).toBe('queued')
      expect(stored).toMatchObject({ state: 'WAIT_FOR_DISPATCH', resend: 1 })
      expect(sent).toEqual([
        {
          ...{ ...queued, customData: { sum: 1 }, to: 'email', group: 'acme' },
          ...{ queuedAt: now.toISOString(), resend: 1 },
        },
      ])
      expect(events).toEqual([])
    },
  )

  it.each(['SENT', 'CANCELLED', 'WAIT_FOR_DISPATCH'] as const)(
    'stays as it is in %s',
    async (state) => {
      const { stored, sent, again } = await kept(state)
      await expect(again()).rejects.toMatchObject({
        code: 'not-resendable',
        message: `The notification ${queued.notificationId} is in ${state}: only ERROR, EXPIRED, UNCERTAIN, BLOCKED are sent again`,
      })
      expect([sent, stored.state, stored.resend]).toEqual([[], state, 0])
      stored.resend = 1
      if (state !== 'WAIT_FOR_DISPATCH') await expect(again()).rejects.toThrow(`is in ${state}`)
    },
  )

  it('is queued under the same number where the last try failed halfway', async () => {
    const { stored, sent, again } = await kept('ERROR')
    const enqueue = () => Promise.reject(new Error('SQS is down'))
    await expect(again({ enqueue })).rejects.toThrow('SQS is down')
    expect(stored).toMatchObject({ state: 'WAIT_FOR_DISPATCH', resend: 1 })
    expect(await again()).toBe('queued')
    expect(stored.resend).toBe(1)
    expect(sent).toMatchObject([{ resend: 1 }])
  })

  it('is left alone while it is being delivered', async () => {
    const { stored, sent, again } = await kept('UNCERTAIN')
    stored.claim = { id: 'c1', at: now.toISOString(), until: '2026-11-26T08:00:20.000Z' }
    await expect(again()).rejects.toMatchObject({
      code: 'not-resendable',
      message: expect.stringContaining('is being delivered, or has changed meanwhile'),
    })
    expect(sent).toEqual([])
  })

  it('stays as it is where its content can not be read', async () => {
    const { stored, again } = await kept('ERROR')
    for (const error of [new TypeError('x'), new EcosError('aws-unreachable', 'x')]) {
      const load = () => Promise.reject(error)
      await expect(again({ kept: { load, keep: async () => {} } })).rejects.toBe(error)
    }
    expect(stored).toMatchObject({ state: 'ERROR', resend: 0 })
  })

  it.each<[string, Partial<NotificationRecord>]>([
    ['after deliveries', { attempts: 1 }],
    ['that its sender ended', { endedAt: '2026-11-25T11:00:00.000Z' }],
  ])('%s says where its content may be, once it is no longer kept', async (_, about) => {
    const { store, again } = await kept('ERROR', about)
    store.kept.clear()
    await expect(again()).rejects.toMatchObject({
      code: 'not-resendable',
      message: expect.stringMatching(/no longer kept: if its message is in the dead-letter queue/),
      cause: { code: 'payload-not-found' },
    })
  })

  it('that failed for no known reason says so', async () => {
    const { store, again } = await kept('ERROR', {})
    store.kept.clear()
    await expect(again()).rejects.toThrow('failed before it was queued (no reason is on record)')
  })

  const event = { tenant: 'acme', eventType: 'task.assign', eventId: 'e1', data: { sum: 1 } }
  const failed = { username: 'ivanov', notificationId: queued.notificationId }

  it('after its planning failed is planned by the handler of its event', async () => {
    const { store, stored, sent, events, again } = await kept('ERROR', {})
    await store.keptEvents.keep(event)
    expect(await again()).toBe('to-be-planned')
    expect(events).toEqual([{ type: 'task.assign', group: 'acme', ...event, failed }])
    expect([sent, stored.state, stored.resend]).toEqual([[], 'ERROR', 0])
  })

  it('of a replay that told everybody is planned for that', async () => {
    const { store, events, again } = await kept('ERROR', { again: 'again-1' })
    await store.keptEvents.keep(event)
    expect(await again()).toBe('queued')
    const other = await kept('ERROR', { again: 'again-1' })
    await other.store.keptEvents.keep({ ...event, again: 'again-1' })
    expect(await other.again()).toBe('to-be-planned')
    expect(other.events).toMatchObject([{ again: 'again-1', failed }])
    expect(events).toEqual([])
  })

  it('has what is kept of it sent, where its event is not', async () => {
    for (const eventType of ['task.assign', 'task.reminder', 'notification.test']) {
      const { sent, events, again } = await kept('ERROR', { eventType })
      expect(await again()).toBe('queued')
      expect([sent.length, events]).toEqual([1, []])
    }
  })

  it('was delivered, and so is not planned', async () => {
    const { store, sent, again } = await kept('ERROR')
    await store.keptEvents.keep(event)
    expect(await again()).toBe('queued')
    expect(sent).toHaveLength(1)
  })
})
