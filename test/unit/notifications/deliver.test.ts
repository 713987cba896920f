import { describe, expect, it } from '@jest/globals'
import type { ChannelMessage, Delivery } from '../../../lib/channels/channel.ts'
import { EcosError } from '../../../lib/errors.ts'
import type { Envelope } from '../../../lib/events/envelope.ts'
import { deliver } from '../../../lib/notifications/deliver.ts'
import type { NotificationState } from '../../../lib/notifications/notification.ts'
import { resultEvent, resultEvents } from '../../../lib/notifications/result-event.ts'
import { announce, announceOutstanding } from '../../../lib/notifications/results.ts'
import type { Place } from '../../../lib/notifications/subscriptions/switch-off.ts'
import { MemoryStore, queued, retry as retryPolicy } from './in-memory.ts'

const at = '2026-11-25T10:10:00.000Z'

/** A run that is never cut short. */
const deadline = new AbortController().signal
const receive = {
  messageId: 'm1',
  isLastReceive: false,
  sentAt: new Date(queued.queuedAt),
  deadline: new Date('2026-11-25T10:10:30.000Z'),
}
const lastReceive = { ...receive, isLastReceive: true }
const retry = { ...retryPolicy, tries: 3 }

/** A store that is down. */
const keep = () => Promise.reject(new Error('S3 is down'))

const inSeconds = (seconds: number) => ({ now: () => new Date(Date.parse(at) + seconds * 1000) })

/** A notification that was queued ten minutes ago and is worth sending for an hour. */
async function setUp(answer: Delivery | Error, state: NotificationState = 'WAIT_FOR_DISPATCH') {
  const store = new MemoryStore(() => new Date(at))
  await store.add(
    { ...queued, username: 'ivanov', subject: 'task-1', announce: true },
    { state: 'WAIT_FOR_DISPATCH' },
  )
  const stored = store.all[0]
  if (!stored) throw new Error('nothing is stored')
  stored.state = state
  const delivered: ChannelMessage[] = []
  /** The states that the record was in while the channel was at it. */
  const meanwhile: NotificationState[] = []
  const switchedOff: [Place, string][] = []
  const kept: string[] = []
  const turns: string[] = []
  const announced: Envelope[] = []
  const unannounced: unknown[] = []
  const ports = {
    channel: {
      async deliver(message: ChannelMessage) {
        delivered.push(message)
        meanwhile.push(stored.state)
        if (answer instanceof Error) throw answer
        return answer
      },
    },
    notifications: store,
    subjects: { stateOf: async () => ({ isClosed: false }) },
    kept: {
      async keep({ notificationId }: { notificationId: string }) {
        kept.push(notificationId)
      },
      load: async () => queued,
      forget: async () => {},
    },
    async awaitRate() {
      turns.push(at)
      return 'now' as const
    },
    async putOnBus(event: Envelope) {
      announced.push(event)
    },
    onUnannounced: (_: unknown, error: unknown) => void unannounced.push(error),
    retry,
    subscriptions: {
      async switchOff({ tenant, username, channel, address }: Place, reason: string) {
        switchedOff.push([{ tenant, username, channel, address }, reason])
      },
    },
    now: () => new Date(at),
  }
  const seen = { delivered, meanwhile, switchedOff, kept, turns, announced, unannounced }
  return { store, stored, ...seen, ports }
}

describe('a notification', () => {
  it('that is delivered is SENT, with the time and the id that the provider gave it', async () => {
    const { stored, delivered, ports } = await setUp({ outcome: 'sent', providerId: 'p1' })
    expect(await deliver(queued, receive, ports)).toBe('sent')
    expect(delivered).toEqual([{ ...queued, username: 'ivanov' }])
    expect(stored).toMatchObject({ state: 'SENT', attempts: 1 })
    expect(stored.deliveries).toEqual([{ at, tookMs: 0, outcome: 'sent', providerId: 'p1' }])
  })

  it.each([
    ['SENT', 'already-sent'],
    ['CANCELLED', 'cancelled'],
    ['BLOCKED', 'blocked'],
  ] as const)('that is %s is not delivered', async (state, outcome) => {
    const { stored, delivered, ports } = await setUp({ outcome: 'sent' }, state)
    expect(await deliver(queued, receive, ports)).toBe(outcome)
    expect(delivered).toEqual([])
    expect(stored).toMatchObject({ state, deliveries: [] })
  })

  it('that was a reminder leaves no content behind, and is SENT where that can not be deleted', async () => {
    const forgotten: string[] = []
    const unforgotten: unknown[] = []
    const eventType = 'task.reminder'
    for (const fault of [undefined, new Error('S3 is down')]) {
      const { store, ports } = await setUp({ outcome: 'sent' })
      const reminder = { ...queued, eventType, notificationId: 'reminder-1' } as const
      await store.add({ ...reminder, username: 'ivanov' }, { state: 'WAIT_FOR_DISPATCH' })
      const forget = async ({ notificationId }: { notificationId: string }) => {
        forgotten.push(notificationId)
        if (fault) throw fault
      }
      const all = {
        ...ports,
        kept: { ...ports.kept, forget },
        onUnforgotten: (_: unknown, error: unknown) => void unforgotten.push(error),
      }
      // Other notifications keep theirs, which expires with their record.
      expect(await deliver(queued, receive, all)).toBe('sent')
      expect(await deliver(reminder, receive, all)).toBe('sent')
      expect(await store.find(reminder)).toMatchObject({ state: 'SENT' })
    }
    expect(forgotten).toEqual(['reminder-1', 'reminder-1'])
    expect(unforgotten).toEqual([new Error('S3 is down')])
  })

  it('that was a reminder and may be sent again keeps its content', async () => {
    const { store, ports } = await setUp({ outcome: 'permanent', reason: 'SMTP 550' })
    const reminder = {
      ...{ ...queued, eventType: 'task.reminder', notificationId: 'reminder-1' },
    } as const
    await store.add({ ...reminder, username: 'ivanov' }, { state: 'WAIT_FOR_DISPATCH' })
    const forget = () => Promise.reject(new Error('must not be called'))
    const unforgotten: unknown[] = []
    const all = {
      ...ports,
      kept: { ...ports.kept, forget },
      onUnforgotten: (_: unknown, error: unknown) => void unforgotten.push(error),
    }
    expect(await deliver(reminder, receive, all)).toBe('permanent')
    expect(await store.find(reminder)).toMatchObject({ state: 'ERROR' })
    expect(unforgotten).toEqual([])
  })

  it('is kept as it was sent, at the first try of each message, and is sent where that fails', async () => {
    const { stored, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    const sent: string[] = []
    const keeping = {
      ...ports,
      sent: { keep: async ({ title }: { title: string }) => void sent.push(title) },
    }
    for (const _ of [1, 2]) {
      await expect(deliver(queued, receive, keeping)).rejects.toMatchObject({ retryable: true })
    }
    expect([stored.attempts, sent]).toEqual([2, [queued.title]])

    const other = await setUp({ outcome: 'sent' })
    const unkept: unknown[] = []
    const failing = { keep: () => Promise.reject(new Error('no room')) }
    const onUnkept = (_: unknown, error: unknown) => void unkept.push(error)
    expect(await deliver(queued, receive, { ...other.ports, sent: failing, onUnkept })).toBe('sent')
    expect([other.stored.state, unkept]).toEqual(['SENT', [new Error('no room')]])
  })

  it('that can never be delivered is in ERROR, and settled', async () => {
    const { stored, switchedOff, ports } = await setUp({ outcome: 'permanent', reason: 'SMTP 550' })
    expect(await deliver(queued, receive, ports)).toBe('permanent')
    expect(stored).toMatchObject({ state: 'ERROR', reason: 'SMTP 550' })
    expect(stored.deliveries).toEqual([{ at, tookMs: 0, outcome: 'permanent', reason: 'SMTP 550' }])
    expect(switchedOff).toEqual([])
  })

  it('whose address is gone is in ERROR, and the address is switched off', async () => {
    const { stored, switchedOff, ports } = await setUp({ outcome: 'gone', reason: 'HTTP 410' })
    expect(await deliver(queued, receive, ports)).toBe('gone')
    expect(stored).toMatchObject({ state: 'ERROR', reason: 'HTTP 410' })
    const { tenant, channel, address } = queued
    expect(switchedOff).toEqual([[{ tenant, username: 'ivanov', channel, address }, 'HTTP 410']])
  })

  it('whose address could not be switched off is delivered again', async () => {
    const { stored, ports } = await setUp({ outcome: 'gone', reason: 'HTTP 410' })
    const switchOff = async () => {
      throw new Error('throttled')
    }
    await expect(
      deliver(queued, receive, { ...ports, subscriptions: { switchOff } }),
    ).rejects.toThrow('throttled')
    expect(stored.state).toBe('WAIT_FOR_DISPATCH')
  })

  it('that may be delivered later waits, and the queue is made to bring it again', async () => {
    const { stored, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({
      code: 'delivery-failed',
      retryable: true,
      retryAfterSeconds: 5,
      message: 'Not delivered by email: SMTP 451',
    })
    expect(stored).toMatchObject({ state: 'WAIT_FOR_DISPATCH', reason: 'SMTP 451' })
    const nextAt = new Date(Date.parse(at) + 5_000).toISOString()
    const delivery = { at, tookMs: 0, outcome: 'transient', reason: 'SMTP 451' }
    expect(stored.deliveries).toEqual([{ ...delivery, nextAt }])
  })

  it.each([
    [30, 30],
    [36_000, 3000],
    [0, 5],
    [1, 5],
  ])('whose provider asks for %j s waits %j s', async (retryAfterSeconds, waits) => {
    const { ports } = await setUp({ outcome: 'transient', reason: 'HTTP 429', retryAfterSeconds })
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({
      retryAfterSeconds: waits,
    })
  })

  it('that fails on the last try is in ERROR before it rests in the dead-letter queue', async () => {
    const { stored, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    await expect(deliver(queued, lastReceive, ports)).rejects.toMatchObject({
      code: 'delivery-failed',
    })
    expect(stored).toMatchObject({ state: 'ERROR', reason: 'SMTP 451' })
  })

  it('has as many deliveries as its policy says, however often a store failed in between', async () => {
    const answer = { outcome: 'transient', reason: 'SMTP 451' } as const
    const { store, stored, delivered, ports } = await setUp(answer)
    const endings: unknown[] = []
    for (const isDown of [false, true, true, true, false, true, false]) {
      const find = () => Promise.reject(new EcosError('aws-failed', 'down', { retryable: true }))
      const notifications = isDown ? Object.assign(Object.create(store), { find }) : store
      await deliver(queued, receive, { ...ports, notifications }).catch(({ retryAfterSeconds }) =>
        endings.push(retryAfterSeconds),
      )
    }
    expect(delivered).toHaveLength(3)
    expect(endings).toEqual([5, undefined, undefined, undefined, 20, undefined, 0])
    expect(stored).toMatchObject({ state: 'ERROR', attempts: 3 })
  })

  it('has its deliveries anew once it was moved back out of the dead-letter queue', async () => {
    const { stored, delivered, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    for (let n = 0; n < 3; n += 1) await deliver(queued, receive, ports).catch(() => undefined)
    expect(stored.state).toBe('ERROR')
    const redriven = { ...receive, sentAt: new Date('2026-11-25T10:10:01.000Z') }
    await expect(deliver(queued, redriven, ports)).rejects.toMatchObject({ retryable: true })
    expect(delivered).toHaveLength(4)
  })

  it.each([
    [{ outcome: 'permanent', reason: 'SMTP 550' } as const, 'ERROR', 'permanent'],
    [{ outcome: 'gone', reason: 'SMTP 550' } as const, 'ERROR', 'gone'],
    [{ outcome: 'unknown', reason: 'no answer' } as const, 'UNCERTAIN', 'uncertain'],
  ])(
    'whose content can not be kept now ends later, without another delivery: %j',
    async (answer, state, end) => {
      const { stored, delivered, kept, announced, ports } = await setUp(answer)
      const once = { ...ports, retry: { ...retry, uncertainRepeats: 0 } }
      const down = { ...once, kept: { ...ports.kept, keep } }
      for (const seconds of [0, 20]) {
        const failing = deliver(queued, receive, { ...down, ...inSeconds(seconds) })
        await expect(failing).rejects.toThrow('S3 is down')
        expect([stored.state, stored.endedAt, announced]).toEqual([state, undefined, []])
      }
      expect(await deliver(queued, receive, { ...once, ...inSeconds(40) })).toBe(end)
      expect(stored).toMatchObject({ state, reason: answer.reason, attempts: 1 })
      expect([delivered.length, kept]).toEqual([1, [queued.notificationId]])
      expect(announced).toMatchObject([{ data: { state, attempts: 1 } }])
      // It comes back, since the queue did not hear of its end.
      expect(await deliver(queued, receive, { ...once, ...inSeconds(60) })).toBe(end)
      expect(delivered).toHaveLength(1)
    },
  )

  it('whose content can not be kept until its last receive rests in the dead-letter queue, which has it', async () => {
    const { stored, delivered, announced, ports } = await setUp({
      ...{ outcome: 'permanent', reason: 'SMTP 550' },
    })
    const down = { ...ports, kept: { ...ports.kept, keep } }
    await expect(deliver(queued, receive, down)).rejects.toThrow('S3 is down')
    const last = deliver(queued, lastReceive, { ...down, ...inSeconds(20) })
    await expect(last).rejects.toMatchObject({ code: 'delivery-failed', retryAfterSeconds: 0 })
    expect(stored).toMatchObject({ state: 'ERROR', reason: 'SMTP 550', attempts: 1 })
    expect([delivered.length, announced.length]).toEqual([1, 1])
  })

  it('that was moved back out of the dead-letter queue is delivered, although its content was never kept', async () => {
    const { delivered, ports } = await setUp({ outcome: 'permanent', reason: 'SMTP 550' })
    const down = { ...ports, kept: { ...ports.kept, keep } }
    await deliver(queued, lastReceive, down).catch(() => undefined)
    const redriven = { ...receive, sentAt: new Date('2026-11-25T10:10:01.000Z') }
    expect(await deliver(queued, redriven, { ...ports, ...inSeconds(60) })).toBe('permanent')
    expect(delivered).toHaveLength(2)
  })

  it('is UNCERTAIN while its last receive lasts, and announced so if its sender dies', async () => {
    const last = await setUp({ outcome: 'sent' })
    await deliver(queued, lastReceive, last.ports)
    expect(last.meanwhile).toEqual(['UNCERTAIN'])
    expect(last.stored.state).toBe('SENT')
    expect(last.stored.reason).toBeUndefined()
    const other = await setUp({ outcome: 'sent' })
    await deliver(queued, receive, other.ports)
    expect(other.meanwhile).toEqual(['WAIT_FOR_DISPATCH'])
    const dying = await setUp({ outcome: 'sent' })
    const settle = () => Promise.reject(new Error('the sender dies'))
    const notifications = Object.assign(Object.create(dying.store), { settle })
    await deliver(queued, lastReceive, { ...dying.ports, notifications }).catch(() => undefined)
    expect(dying.stored).toMatchObject({
      state: 'UNCERTAIN',
      reason: 'the sender ended before it recorded the outcome',
    })
    expect(dying.store.unannounced).toEqual(new Set([queued.notificationId]))
  })

  it('in ERROR is tried again: someone moved it back out of the dead-letter queue', async () => {
    const { stored, ports } = await setUp({ outcome: 'sent' }, 'ERROR')
    expect(await deliver(queued, receive, ports)).toBe('sent')
    expect(stored.state).toBe('SENT')
  })

  it.each([
    [new EcosError('secret-unreadable', 'a long story'), 'secret-unreadable'],
    [new TypeError('ivanov@acme.example'), 'TypeError'],
  ])('whose channel could not even try may be tried later', async (error, reason) => {
    const { stored, ports } = await setUp(error)
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({ code: 'delivery-failed' })
    const nextAt = new Date(Date.parse(at) + 5_000).toISOString()
    const delivery = { at, tookMs: 0, outcome: 'transient', reason }
    expect(stored.deliveries).toEqual([{ ...delivery, nextAt }])
  })

  it('that nobody knows is not delivered, since it may have been', async () => {
    const { delivered, ports } = await setUp({ outcome: 'sent' })
    const stranger = { ...queued, notificationId: 'b'.repeat(64) }
    await expect(deliver(stranger, receive, ports)).rejects.toMatchObject({
      code: 'unknown-notification',
    })
    expect(delivered).toEqual([])
  })
})

describe('a notification whose provider gave no answer', () => {
  const unknown = { outcome: 'unknown', reason: 'no answer to the mail' } as const
  const failed = { outcome: 'transient', reason: 'SMTP 451' } as const
  const later = (minutes: number) => ({
    now: () => new Date(Date.parse(at) + minutes * 60_000),
  })

  it('is UNCERTAIN, is not announced yet, and is delivered again half an hour later', async () => {
    const { stored, announced, store, ports } = await setUp(unknown)
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({
      code: 'delivery-uncertain',
      retryable: true,
      retryAfterSeconds: 1800,
    })
    expect(stored).toMatchObject({ state: 'UNCERTAIN', reason: 'no answer to the mail' })
    const nextAt = later(30).now().toISOString()
    expect(stored.deliveries).toEqual([{ at, tookMs: 0, ...unknown, nextAt }])
    expect([announced, [...store.unannounced]]).toEqual([[], []])
  })

  it('is SENT once a repetition is accepted', async () => {
    const { stored, ports } = await setUp(unknown)
    await deliver(queued, receive, ports).catch(() => undefined)
    const accepting = { deliver: async () => ({ outcome: 'sent' }) as const }
    const again = { ...ports, ...later(30), channel: accepting }
    expect(await deliver(queued, receive, again)).toBe('sent')
    expect(stored.state).toBe('SENT')
  })

  it('is repeated as often as its channel allows, stays UNCERTAIN, and is announced so', async () => {
    const { stored, announced, delivered, kept, ports } = await setUp(unknown)
    const policy = { ...ports, retry: { ...retry, tries: 10, timeToLiveSeconds: 86_400 } }
    for (const minutes of [0, 30]) {
      const again = deliver(queued, receive, { ...policy, ...later(minutes) })
      await expect(again).rejects.toMatchObject({ code: 'delivery-uncertain' })
    }
    expect(await deliver(queued, receive, { ...policy, ...later(60) })).toBe('uncertain')
    expect(delivered).toHaveLength(3)
    expect(stored.state).toBe('UNCERTAIN')
    expect(kept).toEqual([queued.notificationId])
    expect(announced).toMatchObject([
      { type: 'notification.uncertain', data: { state: 'UNCERTAIN', attempts: 3 } },
    ])
    expect(resultEvents['notification.uncertain'].schema.parse(announced[0]?.data)).toEqual(
      announced[0]?.data,
    )
  })

  it.each([
    ['its receiver could not recognise the second copy', { ...retry, uncertainRepeats: 0 }],
    ['its time to live would be over by then', { ...retry, timeToLiveSeconds: 2400 }],
    ['that was its last try', { ...retry, tries: 1 }],
  ])('is not repeated if %s', async (_, policy) => {
    const { stored, ports } = await setUp(unknown)
    expect(await deliver(queued, receive, { ...ports, retry: policy })).toBe('uncertain')
    expect(stored.state).toBe('UNCERTAIN')
  })

  it('is never in ERROR afterwards: no later failure proves that nothing arrived', async () => {
    for (const [answer, times] of [
      [failed, 2],
      [{ outcome: 'permanent', reason: 'SMTP 550' } as const, 1],
    ] as const) {
      const { stored, ports } = await setUp(unknown)
      await deliver(queued, receive, ports).catch(() => undefined)
      const failing = { ...ports, ...later(30), channel: { deliver: async () => answer } }
      for (let n = 1; n < times; n += 1) {
        await expect(deliver(queued, receive, failing)).rejects.toMatchObject({ retryable: true })
        expect(stored.state).toBe('UNCERTAIN')
      }
      expect(await deliver(queued, receive, failing)).toBe('uncertain')
      expect(stored.state).toBe('UNCERTAIN')
    }
  })

  it('is not CANCELLED when its subject is closed: it may have arrived', async () => {
    const { stored, delivered, ports } = await setUp(unknown)
    await deliver(queued, receive, ports).catch(() => undefined)
    const closed = {
      ...ports,
      ...later(30),
      subjects: { stateOf: async () => ({ isClosed: true }) },
    }
    expect(await deliver(queued, receive, closed)).toBe('uncertain')
    expect(stored).toMatchObject({ state: 'UNCERTAIN', reason: 'no answer to the mail' })
    expect(delivered).toHaveLength(1)
  })

  it('rests in the dead-letter queue at its end where its content can not be kept elsewhere', async () => {
    const { stored, ports } = await setUp(unknown)
    await deliver(queued, receive, ports).catch(() => undefined)
    const late = {
      ...ports,
      kept: { ...ports.kept, keep },
      now: () => new Date('2026-11-25T11:00:00Z'),
    }
    await expect(deliver(queued, receive, late)).rejects.toThrow('S3 is down')
    const last = deliver(queued, lastReceive, late)
    await expect(last).rejects.toMatchObject({ code: 'delivery-failed' })
    expect(stored.state).toBe('UNCERTAIN')
  })

  it('stays UNCERTAIN where its address is gone later, and that can not be recorded', async () => {
    const { stored, ports } = await setUp(unknown)
    await deliver(queued, receive, ports).catch(() => undefined)
    const switchOff = async () => {
      throw new Error('throttled')
    }
    const channel = { deliver: async () => ({ outcome: 'gone', reason: 'HTTP 410' }) as const }
    const failing = { ...ports, ...later(30), channel, subscriptions: { switchOff } }
    await expect(deliver(queued, receive, failing)).rejects.toThrow('throttled')
    expect(stored).toMatchObject({ state: 'UNCERTAIN', attempts: 2 })
    expect(stored.endedAt).toBeUndefined()
  })

  it('is not EXPIRED when its time to live is over, and does not go to the dead-letter queue', async () => {
    const { stored, delivered, ports } = await setUp(unknown)
    await deliver(queued, receive, ports).catch(() => undefined)
    const late = { ...ports, now: () => new Date('2026-11-25T11:00:00Z') }
    expect(await deliver(queued, receive, late)).toBe('uncertain')
    expect(stored).toMatchObject({ state: 'UNCERTAIN', reason: 'no answer to the mail' })
    expect(delivered).toHaveLength(1)
  })
})

describe('a notification that a sender has claimed', () => {
  const running = { id: 'c1', at: '2026-11-25T10:09:50.000Z', until: '2026-11-25T10:10:20.000Z' }
  const dead = { id: 'c1', at: '2026-11-25T10:09:00.000Z', until: '2026-11-25T10:09:30.000Z' }

  it('is left alone, and its message comes back when the claim ends', async () => {
    const { stored, delivered, turns, ports } = await setUp({ outcome: 'sent' })
    stored.claim = running
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({
      code: 'under-way',
      retryable: true,
      retryAfterSeconds: 20,
    })
    expect([delivered, turns]).toEqual([[], []])
  })

  it('and not settled since it died may have arrived: it is repeated late, once the claim is over', async () => {
    const { stored, delivered, ports } = await setUp({ outcome: 'sent' })
    stored.claim = dead
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({
      code: 'delivery-uncertain',
      retryAfterSeconds: 1800,
    })
    expect(stored.deliveries).toEqual([
      {
        at: dead.at,
        outcome: 'unknown',
        reason: 'the sender ended before it recorded the outcome',
        nextAt: '2026-11-25T10:40:00.000Z',
      },
    ])
    expect([delivered, stored.state, stored.claim]).toEqual([[], 'UNCERTAIN', undefined])
    // A copy of the message does not hurry it.
    await expect(deliver(queued, receive, ports)).rejects.toMatchObject({
      code: 'under-way',
      retryAfterSeconds: 1800,
    })
    const later = { ...ports, now: () => new Date('2026-11-25T10:40:00Z') }
    expect(await deliver(queued, receive, later)).toBe('sent')
    expect(stored).toMatchObject({ state: 'SENT', attempts: 2 })
  })

  it('between being read and claimed is left to the other', async () => {
    const { stored, delivered, ports } = await setUp({ outcome: 'sent' })
    const awaitRate = async () => {
      stored.claim = running
      return 'now' as const
    }
    await expect(deliver(queued, receive, { ...ports, awaitRate })).rejects.toMatchObject({
      code: 'under-way',
      retryAfterSeconds: 1,
    })
    expect(delivered).toEqual([])
  })

  it.each([
    [{ outcome: 'permanent', reason: 'SMTP 550' }, 'WAIT_FOR_DISPATCH'],
    [{ outcome: 'sent' }, 'SENT'],
  ] as const)(
    'by another while its sender was frozen keeps that claim, and with %j is %s',
    async (answer, state) => {
      const { stored, ports } = await setUp(answer)
      const channel = {
        async deliver() {
          stored.claim = { ...running, id: 'c2' }
          return answer
        },
      }
      await deliver(queued, receive, { ...ports, channel }).catch(() => undefined)
      expect(stored).toMatchObject({ state, claim: { id: 'c2' }, attempts: 1 })
    },
  )
})

describe("a message that is older than its notification's end", () => {
  it.each([
    [{ outcome: 'permanent', reason: 'SMTP 550' }, 'permanent'],
    [{ outcome: 'unknown', reason: 'no answer' }, 'uncertain'],
  ] as const)('delivers nothing: %j', async (answer, outcome) => {
    const { delivered, ports } = await setUp(answer)
    const once = { ...ports, retry: { ...retry, uncertainRepeats: 0 } }
    expect(await deliver(queued, receive, once)).toBe(outcome)
    expect(await deliver(queued, receive, once)).toBe(outcome)
    expect(delivered).toHaveLength(1)
    // A redriven message is newer, and delivers.
    const redriven = { ...receive, sentAt: new Date('2026-11-25T10:10:01.000Z') }
    expect(await deliver(queued, redriven, once)).toBe(outcome)
    expect(delivered).toHaveLength(2)
  })

  it('goes to the dead-letter queue after the last try, with the reason', async () => {
    const { delivered, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    const last = { ...ports, retry: { ...retry, tries: 1 } }
    for (let n = 0; n < 2; n += 1) {
      await expect(deliver(queued, receive, last)).rejects.toMatchObject({
        message: 'Not delivered by email: SMTP 451',
        retryAfterSeconds: 0,
      })
    }
    expect(delivered).toHaveLength(1)
  })

  it.each([
    ['after the last try', { outcome: 'transient', reason: 'SMTP 451' }, retry.timeToLiveSeconds],
    ['when its time to live is over', { outcome: 'sent' }, 1],
  ] as const)(
    'is in the dead-letter queue once: another copy is dropped %s',
    async (_, answer, timeToLiveSeconds) => {
      const { stored, delivered, ports } = await setUp(answer)
      const last = { ...ports, retry: { ...retry, tries: 1, timeToLiveSeconds } }
      const [first, copy] = [receive, { ...receive, messageId: 'm2' }]
      await expect(deliver(queued, first, last)).rejects.toMatchObject({ retryAfterSeconds: 0 })
      const { state } = stored
      expect(await deliver(queued, copy, last)).toBe('ended-earlier')
      // The dead-letter queue did not take the first at once.
      await expect(deliver(queued, first, last)).rejects.toMatchObject({ retryAfterSeconds: 0 })
      expect(stored.state).toBe(state)
      expect(delivered.length).toBeLessThan(2)
    },
  )
})

describe('what needs no delivery', () => {
  it.each([
    ['SENT', receive],
    ['CANCELLED', receive],
    ['BLOCKED', receive],
  ] as const)('takes no turn of the rate limit: %s', async (state, attempt) => {
    const { turns, ports } = await setUp({ outcome: 'sent' }, state)
    await deliver(queued, attempt, ports)
    expect(turns).toEqual([])
  })

  it('takes no turn of the rate limit: it is out of time, or its subject is closed', async () => {
    const late = await setUp({ outcome: 'sent' })
    const now = () => new Date('2026-11-25T11:00:00Z')
    await expect(deliver(queued, receive, { ...late.ports, now })).rejects.toMatchObject({
      code: 'notification-expired',
    })
    const closed = await setUp({ outcome: 'sent' })
    const subjects = { stateOf: async () => ({ isClosed: true }) }
    expect(await deliver(queued, receive, { ...closed.ports, subjects })).toBe('cancelled')
    expect([late.turns, closed.turns]).toEqual([[], []])
  })
})

describe('a notification out of time', () => {
  const late = { now: () => new Date('2026-11-25T11:00:00Z') }

  it('is EXPIRED with the last reason, and goes to the dead-letter queue at once', async () => {
    const { stored, delivered, ports } = await setUp({ outcome: 'transient', reason: 'SMTP 451' })
    await deliver(queued, receive, ports).catch(() => undefined)
    for (const attempt of [receive, lastReceive]) {
      await expect(deliver(queued, attempt, { ...ports, ...late })).rejects.toMatchObject({
        code: 'notification-expired',
        retryAfterSeconds: 0,
      })
    }
    expect(stored).toMatchObject({ state: 'EXPIRED', reason: 'SMTP 451', attempts: 1 })
    expect(delivered).toHaveLength(1)
  })

  it('says so where it was never tried', async () => {
    const { stored, ports } = await setUp({ outcome: 'sent' })
    await expect(deliver(queued, receive, { ...ports, ...late })).rejects.toThrow(EcosError)
    expect(stored.reason).toBe('it was not delivered in time')
  })
})

describe('a notification that is cancelled while it is delivered', () => {
  it.each([
    [{ outcome: 'sent' }, 'SENT'],
    [{ outcome: 'transient', reason: 'SMTP 451' }, 'CANCELLED'],
  ] as const)('and %j is %s, and the delivery is on record', async (answer, state) => {
    const { stored, ports } = await setUp(answer)
    const channel = {
      async deliver() {
        stored.state = 'CANCELLED'
        return answer
      },
    }
    await deliver(queued, receive, { ...ports, channel }).catch(() => undefined)
    expect(stored.state).toBe(state)
    expect(stored.deliveries).toMatchObject([answer])
  })

  it('and fails is announced as CANCELLED, and is not tried again', async () => {
    for (const answer of [
      { outcome: 'transient', reason: 'SMTP 451' },
      { outcome: 'permanent', reason: 'SMTP 550' },
    ] as const) {
      const { stored, announced, ports } = await setUp(answer)
      const channel = {
        async deliver() {
          stored.state = 'CANCELLED'
          return answer
        },
      }
      expect(await deliver(queued, receive, { ...ports, channel })).toBe('cancelled')
      expect(announced).toMatchObject([
        {
          type: 'notification.failed',
          data: { state: 'CANCELLED', reason: 'its subject is closed', attempts: 1 },
        },
      ])
      const { schema } = resultEvents['notification.failed']
      expect(schema.parse(announced[0]?.data)).toEqual(announced[0]?.data)
    }
  })
})

describe('a digest', () => {
  /** A digest with one member, and one that was sent by itself. */
  async function setUpDigest(answer: Delivery) {
    const setting = await setUp(answer)
    const { store, stored } = setting
    const members = ['b', 'c'].map((digit) => ({ ...queued, notificationId: digit.repeat(64) }))
    for (const member of members) {
      await store.add({ ...member, username: 'ivanov' }, { state: 'WAIT_FOR_DISPATCH' })
    }
    stored.members = members.map(({ tenant, eventType, eventId, notificationId }) => {
      return { tenant, eventType, eventId, notificationId }
    })
    const states = () => store.all.slice(1).map(({ state, reason }) => [state, reason])
    return { ...setting, states }
  }

  it.each([
    [{ outcome: 'sent' }, ['SENT', undefined]],
    [{ outcome: 'permanent', reason: 'SMTP 550' }, ['ERROR', 'SMTP 550']],
  ] as const)('that ends by %j has members that end the same way', async (answer, end) => {
    const { ports, states } = await setUpDigest(answer)
    await deliver(queued, receive, ports)
    expect(states()).toEqual([end, end])
  })

  it('that goes on has members that wait', async () => {
    const { ports, states } = await setUpDigest({ outcome: 'transient', reason: 'SMTP 451' })
    await deliver(queued, receive, ports).catch(() => undefined)
    expect(states().map(([state]) => state)).toEqual(['WAIT_FOR_DISPATCH', 'WAIT_FOR_DISPATCH'])
  })

  it('that was sent tells its members where an earlier try did not live to do so', async () => {
    const { stored, ports, states } = await setUpDigest({ outcome: 'sent' })
    stored.state = 'SENT'
    expect(await deliver(queued, receive, ports)).toBe('already-sent')
    expect(states().map(([state]) => state)).toEqual(['SENT', 'SENT'])
  })
})

describe('a notification that another sender has sent meanwhile', () => {
  it('is sent already, whatever became of this delivery', async () => {
    const { stored, ports } = await setUp({ outcome: 'sent' })
    const channel = {
      async deliver() {
        stored.state = 'SENT'
        return { outcome: 'transient', reason: 'SMTP 451' } as const
      },
    }
    expect(await deliver(queued, receive, { ...ports, channel })).toBe('already-sent')
    expect(stored.state).toBe('SENT')
  })
})

describe('a notification about what is over', () => {
  it('is CANCELLED in place of being delivered', async () => {
    const { stored, delivered, announced, ports } = await setUp({ outcome: 'sent' })
    const stateOf = async (tenant: string, subject: string) => ({
      isClosed: tenant === 'acme' && subject === 'task-1',
    })
    expect(await deliver(queued, receive, { ...ports, subjects: { stateOf } })).toBe('cancelled')
    expect(stored).toMatchObject({ state: 'CANCELLED', reason: 'its subject is closed' })
    expect([delivered, announced]).toEqual([[], []])
  })
})

describe('a result', () => {
  const failed = { outcome: 'permanent', reason: 'SMTP 550' } as const

  it.each([
    [{ outcome: 'sent' }, 'notification.sent', 'SENT', null],
    [failed, 'notification.failed', 'ERROR', 'SMTP 550'],
  ] as const)(
    'of %j is announced as %s, without anything personal',
    async (answer, type, state, reason) => {
      const { announced, store, ports } = await setUp(answer)
      await deliver(queued, receive, ports)
      const { notificationId, tenant, eventType, eventId, channel } = queued
      expect(announced).toEqual([
        {
          specversion: '1.0',
          id: expect.stringMatching(/^[0-9a-f]{64}$/),
          source: '/ecos/tenants/acme',
          type,
          time: at,
          subject: notificationId,
          tenantid: tenant,
          datacontenttype: 'application/json',
          data: { notificationId, eventType, eventId, channel, state, reason, attempts: 1 },
        },
      ])
      expect(resultEvents[type].schema.parse(announced[0]?.data)).toEqual(announced[0]?.data)
      expect(store.unannounced).toEqual(new Set())
    },
  )

  it('of a tenant that does not ask for results is neither announced nor due to be', async () => {
    const { announced, stored, store, ports } = await setUp({ outcome: 'sent' })
    delete stored.announce
    expect(await deliver(queued, receive, ports)).toBe('sent')
    expect([announced, [...store.unannounced]]).toEqual([[], []])
  })

  it('has the same id when it is announced again', async () => {
    const { announced, stored, ports } = await setUp({ outcome: 'sent' })
    await deliver(queued, receive, ports)
    await announce(stored, ports)
    expect(announced[1]).toEqual(announced[0])
  })

  it('that can not be announced now is left on record as such, and does not fail the delivery', async () => {
    const { stored, store, unannounced, ports } = await setUp({ outcome: 'sent' })
    const putOnBus = async () => {
      throw new Error('throttled')
    }
    expect(await deliver(queued, receive, { ...ports, putOnBus })).toBe('sent')
    expect(stored.state).toBe('SENT')
    expect(unannounced).toHaveLength(1)
    expect(store.unannounced).toEqual(new Set([queued.notificationId]))
  })

  it('that its sender did not live to announce is announced later, and then no more', async () => {
    const { stored, store, announced, ports } = await setUp({ outcome: 'sent' })
    const putOnBus = async () => {
      throw new Error('the sender dies')
    }
    await deliver(queued, receive, { ...ports, putOnBus })
    const outstanding = { ...ports, dueNotifications: store, deadline }
    expect(await announceOutstanding(ports.now(), outstanding)).toBe(1)
    expect(announced).toEqual([resultEvent(stored)])
    expect(await announceOutstanding(ports.now(), outstanding)).toBe(0)
    expect(announced).toHaveLength(1)
  })

  it('that can not be announced later either stays on record as to be announced', async () => {
    const { store, ports } = await setUp({ outcome: 'sent' })
    const putOnBus = async () => {
      throw Object.assign(new Error('throttled'), { $metadata: {} })
    }
    const throttled = { ...ports, dueNotifications: store, deadline, putOnBus }
    await deliver(queued, receive, throttled)
    await expect(announceOutstanding(ports.now(), throttled)).rejects.toThrow('throttled')
    expect(store.unannounced).toEqual(new Set([queued.notificationId]))
  })

  it('is announced later of each, also where another can not be', async () => {
    const { store, announced, ports } = await setUp({ outcome: 'sent' })
    const other = {
      ...{ ...queued, notificationId: 'b'.repeat(64), username: 'petrov' },
      announce: true as const,
    }
    await store.add(other, { state: 'ERROR' })
    for (const one of [queued.notificationId, other.notificationId]) store.unannounced.add(one)
    await store.change(queued, { state: 'SENT' })
    const putOnBus: typeof ports.putOnBus = async (event) => {
      if (event.subject === queued.notificationId) throw new EcosError('bus-unavailable', 'refused')
      announced.push(event)
    }
    const outstanding = { ...ports, dueNotifications: store, deadline, putOnBus }
    await expect(announceOutstanding(ports.now(), outstanding)).rejects.toThrow('refused')
    expect(announced.map(({ subject }) => subject)).toEqual([other.notificationId])
    expect(store.unannounced).toEqual(new Set([queued.notificationId]))
  })

  it('is not announced of one that is sent again meanwhile', async () => {
    const { stored, store, announced, ports } = await setUp(failed)
    const dies = { ...ports, putOnBus: () => Promise.reject(new Error('the sender dies')) }
    await deliver(queued, receive, dies)
    await store.reopen(stored)
    expect(
      await announceOutstanding(ports.now(), { ...ports, dueNotifications: store, deadline }),
    ).toBe(0)
    expect(announced).toEqual([])
  })

  it('that is no success keeps what was to be said, so that it can be sent again', async () => {
    const good = await setUp({ outcome: 'sent' })
    await deliver(queued, receive, good.ports)
    expect(good.kept).toEqual([])
    const bad = await setUp(failed)
    await deliver(queued, receive, bad.ports)
    expect(bad.kept).toEqual([queued.notificationId])
  })
})
