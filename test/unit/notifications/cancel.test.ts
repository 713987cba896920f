import { expect, it } from '@jest/globals'
import { cancelWaiting } from '../../../lib/notifications/cancel.ts'
import { cancelOne } from '../../../lib/notifications/cancel-one.ts'
import type { NotificationState } from '../../../lib/notifications/notification.ts'
import { MemoryStore, queued, type Stored } from './in-memory.ts'

/** Notifications about one task, and what it takes to cancel them. */
async function setUp(
  ...all: readonly {
    readonly state: NotificationState
    readonly eventType?: string
    readonly assignedBy?: string
  }[]
) {
  const store = new MemoryStore()
  for (const [at, { state, eventType = 'task.assign', assignedBy }] of all.entries()) {
    const about = {
      ...{ ...queued, eventType, notificationId: String(at).padStart(64, '0') },
      ...{ username: 'ivanov', subject: 't1' },
    }
    const isReminder = eventType === 'task.reminder'
    const by = assignedBy !== undefined && { assignedBy }
    const reminder = { text: 'overdue', to: 'recipient' as const, ...by }
    await store.add({ ...about, ...(isReminder && { reminder }) }, { state })
    await store.keep(about)
  }
  const ports = { subjects: store, notifications: store, kept: store, hasTime: () => true }
  return {
    ...{ store, ports },
    states: () => store.all.map(({ state }) => state),
    reasons: () => store.all.map(({ reason }) => reason),
    kept: () => store.all.map(({ notificationId }) => store.kept.has(notificationId)),
  }
}

const closed = { isClosed: true }
const assigned = { isClosed: false, assigned: { eventId: 'e2', at: '', order: '' } }

it('what waits for a closed subject is cancelled, with the reason, and nothing else', async () => {
  const { ports, states, reasons } = await setUp(
    { state: 'WAIT_FOR_DISPATCH' },
    { state: 'ERROR' },
    { state: 'BLOCKED' },
  )
  await cancelWaiting('acme', 't1', closed, ports)
  expect(states()).toEqual(['CANCELLED', 'ERROR', 'BLOCKED'])
  expect(reasons()).toEqual(['its subject is closed', undefined, undefined])
})

it('only reminders of another assignment are cancelled where the subject is assigned', async () => {
  const { ports, states, reasons, kept } = await setUp(
    { state: 'WAIT_FOR_DISPATCH' },
    { state: 'WAIT_FOR_DISPATCH', eventType: 'task.reminder', assignedBy: 'e2' },
    { state: 'WAIT_FOR_DISPATCH', eventType: 'task.reminder', assignedBy: 'e1' },
    { state: 'ERROR', eventType: 'task.reminder', assignedBy: 'e1' },
    { state: 'CANCELLED', eventType: 'task.reminder', assignedBy: 'e1' },
  )
  await cancelWaiting('acme', 't1', assigned, ports)
  expect(states()).toEqual([
    ...['WAIT_FOR_DISPATCH', 'WAIT_FOR_DISPATCH', 'CANCELLED'],
    ...['ERROR', 'CANCELLED'],
  ])
  expect(reasons()[2]).toBe('the task was assigned')
  // What is over for the task has gone. The closing of the task finds all others.
  expect(kept()).toEqual([true, true, false, true, true])
})

it('no content of a reminder that is over stays once its subject is closed', async () => {
  const { ports, kept } = await setUp(
    { state: 'WAIT_FOR_DISPATCH', eventType: 'task.reminder' },
    { state: 'CANCELLED', eventType: 'task.reminder' },
    { state: 'SENT', eventType: 'task.reminder' },
    { state: 'BLOCKED', eventType: 'task.reminder' },
    { state: 'SENT' },
  )
  await cancelWaiting('acme', 't1', closed, ports)
  expect(kept()).toEqual([false, false, false, true, true])
})

it('nothing more is cancelled once the time is up, or of what is not on record', async () => {
  const { ports, states, store } = await setUp(
    { state: 'WAIT_FOR_DISPATCH' },
    { state: 'WAIT_FOR_DISPATCH' },
  )
  await cancelWaiting('acme', 't1', closed, { ...ports, hasTime: () => false })
  expect(states()).toEqual(['WAIT_FOR_DISPATCH', 'WAIT_FOR_DISPATCH'])
  const [first] = store.all
  const find: typeof store.find = async (key) =>
    key.notificationId === first?.notificationId ? undefined : store.find(key)
  const notifications = { find, change: store.change.bind(store) }
  await cancelWaiting('acme', 't1', closed, { ...ports, notifications })
  expect(states()).toEqual(['WAIT_FOR_DISPATCH', 'CANCELLED'])
})

it('a content that can not be deleted is told of, and holds up no other', async () => {
  const { ports, states, store } = await setUp(
    { state: 'WAIT_FOR_DISPATCH', eventType: 'task.reminder' },
    { state: 'WAIT_FOR_DISPATCH', eventType: 'task.reminder' },
  )
  const told: unknown[] = []
  const failure = new Error('S3 is down')
  store.forget = () => Promise.reject(failure)
  const onUnforgotten = (of: { notificationId: string }, error: unknown) =>
    void told.push([of.notificationId, error])
  await cancelWaiting('acme', 't1', closed, { ...ports, onUnforgotten })
  expect(states()).toEqual(['CANCELLED', 'CANCELLED'])
  expect(told).toEqual(store.all.map(({ notificationId }) => [notificationId, failure]))
})

it('an operator cancels what waits', async () => {
  const { store, states, reasons } = await setUp({ state: 'WAIT_FOR_DISPATCH' })
  const [record] = store.all
  if (record) await cancelOne({ ...record }, store)
  expect([states(), reasons()]).toEqual([['CANCELLED'], ['cancelled by an operator']])
})

it.each(['SENT', 'CANCELLED', 'ERROR'] as const)(
  'an operator can not cancel what is %s',
  async (state) => {
    const { store, states, reasons } = await setUp({ state })
    const [record] = store.all
    await expect(cancelOne({ ...(record as Stored) }, store)).rejects.toMatchObject({
      code: 'not-cancellable',
      message: expect.stringContaining(`is in ${state}: only WAIT_FOR_DISPATCH`),
    })
    expect([states(), reasons()]).toEqual([[state], [undefined]])
  },
)

it('an operator is told if it was sent meanwhile, and not if it is gone', async () => {
  const { store } = await setUp({ state: 'WAIT_FOR_DISPATCH' })
  const [record] = store.all
  const waiting = { ...(record as Stored) }
  if (record) record.state = 'SENT'
  await expect(cancelOne(waiting, store)).rejects.toThrow(/is in SENT/)
  store.notifications.clear()
  await expect(cancelOne(waiting, store)).resolves.toBeUndefined()
})
