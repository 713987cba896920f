import { describe, expect, it } from '@jest/globals'
import { type DueRunPorts, runDue } from '../../../lib/notifications/due-run.ts'
import { parseQueued } from '../../../lib/notifications/notification.ts'
import { MemoryStore, queued } from './in-memory.ts'

const iso = (time: string) => `2026-11-25T${time}.000Z`

/** A run at nine, where a test message each is held until these times, and what came of it. */
async function setUp(...times: readonly string[]) {
  let now = new Date(iso('09:00:00'))
  const store = new MemoryStore(() => now)
  const log: string[] = []
  for (const [at, time] of times.entries()) {
    const notificationId = String(at).padStart(64, '0')
    const about = { ...queued, notificationId, eventType: 'notification.test', title: time }
    await store.keep(about)
    await store.add(
      { ...about, username: 'ivanov' },
      { state: 'WAIT_FOR_DISPATCH', heldUntil: iso(time), digest: false },
    )
  }
  const ports: DueRunPorts = {
    ...{ dueNotifications: store, notifications: store, subjects: store, kept: store },
    subscriptions: { find: async () => [] },
    ...{ deadline: new AbortController().signal, fits: () => true, now: () => now },
    enqueue: async (_, messages) =>
      void log.push(...messages.map(({ body }) => `${parseQueued(body).title} is queued`)),
    putOnBus: async ({ type }) => void log.push(type),
    async pause(milliseconds) {
      log.push(`pause of ${milliseconds}`)
      now = new Date(now.getTime() + milliseconds)
    },
  }
  const run = (end: string, more: Partial<DueRunPorts> = {}) =>
    runDue(new Date(iso(end)), { ...ports, ...more })
  return { store, log, ports, run }
}

describe('a run', () => {
  it('does what is due, and waits for what will be due before its end', async () => {
    const { log, run } = await setUp('08:59:00', '09:00:30', '09:00:59', '09:02:00')
    expect(await run('09:01:00')).toEqual({ released: 3, announced: 0 })
    expect(log).toEqual([
      '08:59:00 is queued',
      ...['pause of 30000', '09:00:30 is queued'],
      ...['pause of 29000', '09:00:59 is queued'],
    ])
  })

  it('looks again after a second at the soonest', async () => {
    const { log, run, ports } = await setUp('09:00:30')
    const next = async () => (log.length === 0 ? new Date('2026-11-25T09:00:00.001Z') : undefined)
    const dueNotifications = Object.assign(Object.create(ports.dueNotifications), { next })
    expect(await run('09:01:00', { dueNotifications })).toEqual({ released: 0, announced: 0 })
    expect(log).toEqual(['pause of 1000'])
  })

  it('ends at its deadline', async () => {
    const { log, run } = await setUp('09:00:00', '09:00:30')
    const deadline = AbortSignal.abort()
    expect(await run('09:01:00', { deadline })).toEqual({ released: 1, announced: 0 })
    expect(log).toEqual(['09:00:00 is queued'])
  })

  it('announces results too, each time', async () => {
    const { log, run, store } = await setUp('09:00:30')
    const ended = { ...queued, username: 'ivanov', notificationId: 'f'.repeat(64) }
    await store.add({ ...ended, announce: true }, { state: 'ERROR' })
    expect(await run('09:01:00')).toEqual({ released: 1, announced: 1 })
    expect(log).toEqual(['notification.failed', 'pause of 30000', '09:00:30 is queued'])
  })

  it('does the other work where one fails, and then fails', async () => {
    const { log, run, store } = await setUp('09:00:00')
    const ended = { ...queued, username: 'ivanov', notificationId: 'f'.repeat(64) }
    await store.add({ ...ended, announce: true }, { state: 'ERROR' })
    const fails = () => Promise.reject(Object.assign(new Error('no bus'), { $metadata: {} }))
    await expect(run('09:01:00', { putOnBus: fails })).rejects.toMatchObject({
      ...{ code: 'notifications-left', message: expect.stringContaining('no bus') },
    })
    expect(log).toEqual(['09:00:00 is queued'])
    const other = await setUp('09:00:00')
    await other.store.add({ ...ended, announce: true }, { state: 'ERROR' })
    await expect(other.run('09:01:00', { enqueue: fails })).rejects.toMatchObject({
      code: 'notifications-left',
    })
    expect(other.log).toEqual(['notification.failed'])
  })
})
