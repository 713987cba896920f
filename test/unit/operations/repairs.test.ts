import { describe, expect, it } from '@jest/globals'
import type { Notification } from '../../../lib/notifications/notification.ts'
import type { Place } from '../../../lib/notifications/subscriptions/switch-off.ts'
import type { AuditRecord } from '../../../lib/operations/audit.ts'
import { createRepairs } from '../../../lib/operations/repairs.ts'
import { MemoryStore, queued } from '../notifications/in-memory.ts'

const now = new Date('2026-11-26T08:00:00Z')
const about = { ...queued, username: 'ivanov' }
const place = {
  ...({ tenant: 'acme', username: 'ivanov', channel: 'email' } as const),
  address: 'ivanov@acme.example',
}

async function setUp(state: 'WAIT_FOR_DISPATCH' | 'SENT' | 'ERROR' = 'WAIT_FOR_DISPATCH') {
  const store = new MemoryStore(() => now)
  const record = await store.add(about, { state })
  const records: AuditRecord[] = []
  const off: Place[] = []
  const enqueue = async () => {}
  const repairs = createRepairs(
    {
      resend: {
        ...{ notifications: store, kept: store, keptEvents: store.keptEvents, enqueue },
        enqueueEvents: enqueue,
      },
      notifications: store,
      sendTest: async (test) =>
        ({ ...test, eventId: 'e2' }) as Partial<Notification> as Notification,
      addresses: {
        switchOff: async (one) => void off.push(one),
        switchOn: async () => off.splice(0).length,
      },
    },
    {
      book: { put: async (one) => void records.push(one) },
      who: async () => ({ user: 'ann@desk', identity: 'arn', via: 'command' }),
      log: () => undefined,
    },
  )
  const last = () => records.at(-1)
  return { repairs, store, record, off, last, records }
}

describe('cancel', () => {
  it('cancels a notification that waits, on record', async () => {
    const { repairs, store, record, last } = await setUp()
    await repairs.cancel(record)
    const cancelled = await store.find(about)
    expect(cancelled).toMatchObject({ state: 'CANCELLED', reason: 'cancelled by an operator' })
    const { tenant, eventType, eventId, notificationId, channel, username } = about
    const of = { tenant, eventType, eventId, notificationId, channel, username }
    expect(last()).toMatchObject({ action: 'notification.cancel', outcome: 'done', ...of })
  })

  it('refuses one that has ended, and leaves its state', async () => {
    const { repairs, store, record, last } = await setUp('ERROR')
    await expect(repairs.cancel(record)).rejects.toMatchObject({ code: 'not-cancellable' })
    expect(await store.find(about)).toMatchObject({ state: 'ERROR' })
    expect(last()).toMatchObject({ outcome: 'failed', result: 'not-cancellable' })
  })

  it('says so if it was sent while it was being cancelled', async () => {
    const { repairs, store, record } = await setUp()
    await store.change(record, { state: 'SENT' })
    await expect(repairs.cancel(record)).rejects.toMatchObject({ code: 'not-cancellable' })
    expect(await store.find(about)).toMatchObject({ state: 'SENT' })
  })
})

it('a resend that is refused is on record too', async () => {
  const { repairs, record, records } = await setUp('SENT')
  await expect(repairs.resend(record)).rejects.toMatchObject({ code: 'not-resendable' })
  expect(records.map(({ outcome }) => outcome)).toEqual(['begun', 'failed'])
})

it('an address is switched off and on, on record without the address', async () => {
  const { repairs, off, records } = await setUp()
  await repairs.switchOff(place)
  expect(off).toEqual([place])
  await repairs.switchOn(place)
  await expect(repairs.switchOn(place)).rejects.toMatchObject({ code: 'not-switched-off' })
  expect(records.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'address.switch-off begun',
    'address.switch-off done',
    'address.switch-on begun',
    'address.switch-on done',
    'address.switch-on begun',
    'address.switch-on failed',
  ])
  expect(JSON.stringify(records)).not.toContain(place.address)
})

it('a test message is on record with whom it is for', async () => {
  const { repairs, last } = await setUp()
  const test = { ...place, eventType: 'task.assign' } as const
  expect(await repairs.sendTest(test)).toMatchObject({ eventId: 'e2' })
  expect(last()).toMatchObject({
    ...{ action: 'notification.test', tenant: 'acme', username: 'ivanov', channel: 'email' },
  })
})
