import { expect, it } from '@jest/globals'
import { resend } from '../../../lib/notifications/resend.ts'
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
