import { describe, expect, it } from '@jest/globals'
import { envelope } from '../../../lib/events/envelope.ts'
import type { NotificationState } from '../../../lib/notifications/notification.ts'
import { resultEvent, resultEvents } from '../../../lib/notifications/result-event.ts'
import { announce, announceOutstanding } from '../../../lib/notifications/results.ts'
import {
  hasFailedPlanning,
  isResult,
  type NotificationRecord,
} from '../../../lib/notifications/store.ts'
import { MemoryStore, queued } from './in-memory.ts'

const record: NotificationRecord = {
  ...{ ...queued, username: 'ivanov', tenant: 'a b', state: 'SENT', attempts: 2, resend: 0 },
  deliveries: [
    { at: '2026-11-25T10:00:00.000Z', outcome: 'transient', reason: 'SMTP 451' },
    { at: '2026-11-25T10:05:00.000Z', outcome: 'sent' },
  ],
}
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('the event of a result', () => {
  it('says what became of which notification, and nothing personal', () => {
    const event = resultEvent({ ...record, traceparent, reason: 'OK' })
    expect(event).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      source: '/ecos/tenants/_a_20b',
      type: 'notification.sent',
      time: '2026-11-25T10:05:00.000Z',
      subject: queued.notificationId,
      traceparent,
      tenantid: 'a b',
      datacontenttype: 'application/json',
      data: {
        ...{ notificationId: queued.notificationId, eventType: 'task.assign', eventId: 'e1' },
        ...{ channel: 'email', state: 'SENT', reason: 'OK', attempts: 2 },
      },
    })
    expect(envelope.safeParse(event).success).toBe(true)
  })

  it.each([
    ['SENT', 'notification.sent'],
    ['UNCERTAIN', 'notification.uncertain'],
    ['ERROR', 'notification.failed'],
    ['EXPIRED', 'notification.failed'],
    ['CANCELLED', 'notification.failed'],
  ] as const)('in %s is a %s that fits its schema', (state, type) => {
    const event = resultEvent({ ...record, state })
    expect(event.type).toBe(type)
    const { schema } = resultEvents[type]
    expect(schema.parse(event.data)).toEqual(event.data)
    expect(event.data).toMatchObject({ state, reason: null })
    const others = Object.values(resultEvents).filter((one) => one.schema !== schema)
    for (const other of others) expect(other.schema.safeParse(event.data).success).toBe(false)
    expect(schema.safeParse({ ...Object(event.data), attempts: '2' }).success).toBe(false)
    expect(schema.safeParse({ state }).success).toBe(false)
  })

  it.each(['WAIT_FOR_DISPATCH', 'BLOCKED'] as const)('is none in %s', (state) => {
    expect(() => resultEvent({ ...record, state })).toThrow(
      expect.objectContaining({ code: 'no-result', message: expect.stringContaining(state) }),
    )
  })

  it('has another id for another result, and the same whenever it is repeated', () => {
    const { id } = resultEvent(record)
    expect(resultEvent({ ...record, reason: 'other', deliveries: [] }).id).toBe(id)
    const others: Partial<NotificationRecord>[] = [
      { notificationId: 'b'.repeat(64) },
      { state: 'UNCERTAIN' },
      { attempts: 3 },
      { resend: 1 },
    ]
    const ids = others.map((other) => resultEvent({ ...record, ...other }).id)
    expect(new Set([id, ...ids]).size).toBe(5)
  })

  it('of no delivery has no time', () => {
    const event = resultEvent({ ...record, state: 'ERROR', deliveries: [], attempts: 0 })
    expect(event).not.toHaveProperty('time')
  })
})

it('a sender ends a notification in four states', () => {
  const states = ['SENT', 'UNCERTAIN', 'ERROR', 'EXPIRED'] as const
  const others = ['CANCELLED', 'BLOCKED', 'WAIT_FOR_DISPATCH', 'RECIPIENTS_NOT_FOUND'] as const
  expect(states.filter(isResult)).toEqual(states)
  expect(others.filter(isResult)).toEqual([])
})

it.each<[string, Partial<NotificationRecord>, boolean]>([
  ['and nothing else happened', {}, true],
  ['a digest', { digestId: 'd1' }, false],
  ['deliveries', { attempts: 1 }, false],
  ['an end by its sender', { endedAt: '2026-11-25T10:00:00.000Z' }, false],
  ['another state', { state: 'EXPIRED' }, false],
])('a notification failed before it was queued if it is ERROR, not with %s', (_, about, is) => {
  const error: NotificationRecord = { ...record, state: 'ERROR', attempts: 0, deliveries: [] }
  expect(hasFailedPlanning({ ...error, ...about })).toBe(is)
})

describe('results that are not on the bus yet', () => {
  /** A notification in each state, all due to be announced. */
  async function setUp(...states: readonly NotificationState[]) {
    const store = new MemoryStore()
    for (const [at, state] of states.entries()) {
      const notificationId = String(at).padStart(64, '0')
      await store.add({ ...queued, username: 'ivanov', notificationId }, { state })
      store.unannounced.add(notificationId)
    }
    const onBus: unknown[] = []
    const told: string[] = []
    const ports = {
      ...{ notifications: store, dueNotifications: store },
      putOnBus: async ({ data }: { data?: unknown }) => void onBus.push(Object(data)['state']),
      deadline: new AbortController().signal,
      onAnnounced: ({ state }: NotificationRecord) => void told.push(state),
    }
    return { store, onBus, told, ports }
  }
  const now = new Date('2026-11-25T10:00:00Z')

  it('are announced, also of what was cancelled after a delivery, and each once', async () => {
    const { store, onBus, told, ports } = await setUp('SENT', 'CANCELLED', 'ERROR')
    expect(await announceOutstanding(now, ports)).toBe(3)
    expect(onBus).toEqual(['SENT', 'CANCELLED', 'ERROR'])
    expect(told).toEqual(onBus)
    expect(store.unannounced.size).toBe(0)
    expect(await announceOutstanding(now, ports)).toBe(0)
  })

  it('wait where a notification is sent again', async () => {
    const { store, onBus, ports } = await setUp('WAIT_FOR_DISPATCH', 'UNCERTAIN')
    expect(await announceOutstanding(now, ports)).toBe(1)
    expect(onBus).toEqual(['UNCERTAIN'])
    expect(store.unannounced.size).toBe(1)
  })

  it('need nobody to be told of them', async () => {
    const { ports } = await setUp('SENT')
    const { onAnnounced: _, ...silent } = ports
    expect(await announceOutstanding(now, silent)).toBe(1)
  })

  it('that fail stay due, are named, and hold up no other', async () => {
    const { store, told, ports } = await setUp('SENT', 'ERROR', 'EXPIRED')
    const putOnBus = async ({ type, data }: { type: string; data?: unknown }) => {
      if (Object(data)['state'] !== 'EXPIRED') {
        throw Object.assign(new Error(`no bus for ${type}`), { $metadata: {} })
      }
    }
    const [first] = store.all
    await expect(announceOutstanding(now, { ...ports, putOnBus })).rejects.toMatchObject({
      ...{ code: 'notifications-left', retryable: true },
      message: `2 due notifications failed and stay due, the first ${first?.notificationId} of the tenant acme: no bus for notification.sent`,
      cause: { message: 'no bus for notification.sent' },
    })
    expect(told).toEqual(['EXPIRED'])
    expect(store.unannounced.size).toBe(2)
  })

  it('are left to the next run after the deadline', async () => {
    const { ports, onBus } = await setUp('SENT', 'ERROR')
    const stop = new AbortController()
    const onAnnounced = () => stop.abort()
    expect(await announceOutstanding(now, { ...ports, onAnnounced, deadline: stop.signal })).toBe(1)
    expect(onBus).toEqual(['SENT'])
  })

  it('are announced of all lines, before the failure of one ends the run', async () => {
    const { store, ports, onBus } = await setUp('SENT')
    const broken: AsyncIterable<NotificationRecord[]> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no index')) }),
    }
    const dueNotifications = {
      due: (...of: Parameters<typeof store.due>) => [broken, ...store.due(...of)],
    }
    await expect(announceOutstanding(now, { ...ports, dueNotifications })).rejects.toThrow(
      'no index',
    )
    expect(onBus).toEqual(['SENT'])
  })

  it('are on record as announced only after they are on the bus', async () => {
    const { store, ports } = await setUp('SENT')
    const [one] = store.all
    const putOnBus = () => Promise.reject(new Error('no bus'))
    await expect(announce(one as NotificationRecord, { ...ports, putOnBus })).rejects.toThrow()
    expect(store.unannounced.size).toBe(1)
  })
})
