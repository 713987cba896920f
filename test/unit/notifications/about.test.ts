import { describe, expect, it } from '@jest/globals'
import { type AboutPorts, aboutOf } from '../../../lib/notifications/about.ts'
import type { EventMessage } from '../../../lib/notifications/event-message.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import { assignee } from '../../../lib/notifications/recipients.ts'
import { MemoryStore, queued } from './in-memory.ts'

type Task = { readonly task?: string | undefined; readonly dueDate?: number }
const about: NotificationKind<Task> = {
  ...{ type: 'task.assign' as const, schema: undefined as never, recipients: assignee },
  subject: ({ task }) => task,
}
const assigns: NotificationKind<Task> = { ...about, reminds: assignee }
const closes: NotificationKind<Task> = { ...about, closes: true }
const offers: NotificationKind<Task> = { ...about, reminds: 'recipients' }

const key = { tenant: 'acme', eventType: 'task.assign', eventId: 'e1' } as const
const now = new Date('2026-11-25T12:00:00.000Z')
const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }

/** A store where a notification about `t1` waits, and what was noted of subjects. */
async function setUp({ queuedAt }: Pick<AboutPorts, 'queuedAt'> = {}) {
  const store = new MemoryStore(() => now)
  const noted: unknown[] = []
  const { close, assign } = store
  store.close = (event, subject) => {
    noted.push(['close', event.eventId, subject])
    return close.call(store, event, subject)
  }
  store.assign = (tenant, subject, assignment) => {
    noted.push(['assign', tenant, subject, assignment])
    return assign.call(store, tenant, subject, assignment)
  }
  await store.add(
    {
      ...{ ...queued, username: 'ivanov', subject: 't1' },
      reminder: { text: 'overdue', to: 'recipient' },
    },
    { state: 'WAIT_FOR_DISPATCH' },
  )
  const ports: AboutPorts = {
    ...{ subjects: store, notifications: store, kept: store, hasTime: () => true },
    ...{ now: () => now, ...(queuedAt && { queuedAt }) },
  }
  const handle = (
    kind: NotificationKind<Task>,
    event: Partial<EventMessage> = {},
    { sent = {}, ...data }: Task & { sent?: object } = {},
  ) => aboutOf(kind, { ...key, ...event }, { data: { task: 't1', ...data }, sent }, ports)
  return { store, noted, handle, waits: () => store.all[0]?.state === 'WAIT_FOR_DISPATCH' }
}

const part = { number: 0, step: 0 }
const failed = { username: 'ivanov', notificationId: 'a'.repeat(64) }
const petrov = { sent: { assignee: 'petrov' } }
const open = { isClosed: false }

describe('an event', () => {
  it('of no subject has its trace alone', async () => {
    const { handle, noted } = await setUp()
    for (const task of [undefined, '', 'a\nb']) {
      expect(await handle(assigns, trace, { task, ...petrov })).toEqual({ state: open, ...trace })
    }
    const { subject: _, ...nothing } = assigns
    expect(await handle(nothing, {}, petrov)).toEqual({ state: open })
    expect(noted).toEqual([])
  })

  it('that ends its subject says so, with its due date, and cancels what waits', async () => {
    const { handle, noted, waits } = await setUp()
    const about = await handle(closes, { eventId: 'end', ...trace }, { dueDate: 7 })
    // Without a subject: nothing is to cancel the news of the end.
    expect(about).toEqual({ state: open, ...trace })
    expect(noted).toEqual([['close', 'end', { id: 't1', due: 7 }]])
    expect(waits()).toBe(false)
  })

  it.each([
    ['a part of its people', { part }],
    ['one person again', { failed }],
  ])('that ends its subject says nothing new to %s', async (_, scope) => {
    const { handle, noted, waits } = await setUp()
    expect(await handle(closes, scope)).toEqual({ state: open })
    expect(noted).toEqual([])
    expect(waits()).toBe(true)
  })

  it('that ends its subject says so in a replay too', async () => {
    const { handle, noted } = await setUp()
    await handle(closes, { again: 'again-1' })
    expect(noted).toHaveLength(1)
  })

  it.each([
    ['a part of its people', assigns, { part }],
    ['one person again', assigns, { failed }],
    ['everybody again', assigns, { again: 'again-1' }],
    ['its pool', offers, {}],
    ['those of no reminders', about, {}],
  ] as const)('to %s takes its subject as it is known', async (_, kind, scope) => {
    const { handle, noted, store, waits } = await setUp()
    await store.close({ ...key, eventId: 'x' }, { id: 't1' })
    noted.length = 0
    const known = { subject: 't1', state: { isClosed: true }, ...trace }
    expect(await handle(kind, { ...scope, ...trace }, petrov)).toEqual(known)
    expect(noted).toEqual([])
    expect(waits()).toBe(true)
  })
})

describe('an assignment', () => {
  it.each([
    ['when it happened', { time: '2026-11-25T10:00:00+01:00' }, '2026-11-25T09:00:00.000Z'],
    [
      'when it came to the bus, where the producer says nothing',
      { sentAt: '2026-11-25T11:00:00Z' },
      '2026-11-25T11:00:00.000Z',
    ],
    [
      'when it happened rather than when it came',
      { time: '2026-11-25T10:00:00Z', sentAt: '2026-11-25T11:00:00Z' },
      '2026-11-25T10:00:00.000Z',
    ],
    [
      'when it came, where the time of the producer can not be read',
      { time: 'yesterday', sentAt: '2026-11-25T11:00:00Z' },
      '2026-11-25T11:00:00.000Z',
    ],
    ['now, where no time is known', {}, now.toISOString()],
  ])('is of the time %s, and cancels what waits', async (_, times, at) => {
    const queuedAt = new Date('2026-11-25T11:00:00.005Z')
    const { handle, noted, waits } = await setUp({ queuedAt })
    const assigned = { eventId: 'e1', at, order: '2026-11-25T11:00:00.005Z e1' }
    expect(await handle(assigns, times, { ...petrov, dueDate: 7 })).toEqual({
      ...{ subject: 't1', state: { isClosed: false, assigned } },
    })
    expect(noted).toEqual([['assign', 'acme', { id: 't1', due: 7 }, assigned]])
    expect(waits()).toBe(false)
  })

  it('of unknown time in the queue comes before all others of its second', async () => {
    const { handle, noted } = await setUp()
    await handle(assigns, {}, petrov)
    expect(noted).toMatchObject([[{}, {}, {}, { order: '1970-01-01T00:00:00.000Z e1' }]])
  })

  it('to nobody is an offer, as long as nobody had the task', async () => {
    const { handle, waits } = await setUp()
    const offered = await handle(assigns)
    expect(offered.state.assigned).toMatchObject({ eventId: 'e1', isOffer: true })
    expect(waits()).toBe(true)
    const again = await handle(assigns, { eventId: 'e2', time: '2026-11-25T12:30:00Z' })
    expect(again.state.assigned).toMatchObject({ eventId: 'e2', isOffer: true })
    await handle(assigns, { eventId: 'e3', time: '2026-11-25T13:00:00Z' }, petrov)
    const back = await handle(assigns, { eventId: 'e4', time: '2026-11-25T14:00:00Z' })
    expect(back.state.assigned).toEqual(expect.objectContaining({ eventId: 'e4' }))
    expect(back.state.assigned).not.toHaveProperty('isOffer')
    expect(waits()).toBe(false)
  })

  it('that comes after a later offer makes of that the way back to the pool', async () => {
    const { handle } = await setUp()
    await handle(assigns, { eventId: 'late', time: '2026-11-25T14:00:00Z' })
    const { state } = await handle(assigns, { time: '2026-11-25T13:00:00Z' }, petrov)
    expect(state.assigned).toMatchObject({ eventId: 'late', at: '2026-11-25T14:00:00.000Z' })
    expect(state.assigned).not.toHaveProperty('isOffer')
  })
})
