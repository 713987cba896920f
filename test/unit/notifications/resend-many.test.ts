import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import {
  encodeQueued,
  parseQueued,
  type QueuedNotification,
} from '../../../lib/notifications/notification.ts'
import { renewed } from '../../../lib/notifications/renew.ts'
import {
  type Candidate,
  countSelected,
  type ResendManyPorts,
  resendMany,
} from '../../../lib/notifications/resend-many.ts'
import { MemoryStore, queued } from './in-memory.ts'

const now = new Date('2026-11-26T08:00:00.000Z')
const failed = { state: 'ERROR' } as const

/** Notifications that failed one a minute in a night, the latest first in pages of three; every third a webhook. */
async function night(count: number) {
  const store = new MemoryStore(() => now)
  const listed: Candidate[] = []
  for (let minute = count - 1; minute >= 0; minute -= 1) {
    const about = {
      ...queued,
      notificationId: String(minute).padStart(64, '0'),
      channel: minute % 3 === 0 ? ('webhook' as const) : ('email' as const),
      username: 'ivanov',
    }
    await store.add(about, failed)
    await store.keep(about)
    const createdAt = new Date(Date.parse('2026-11-26T00:00:00Z') + minute * 60_000).toISOString()
    listed.push({ ...about, createdAt })
  }
  const sent: QueuedNotification[] = []
  const ports: ResendManyPorts = {
    notifications: store,
    kept: store,
    keptEvents: store.keptEvents,
    enqueueEvents: async () => {},
    find: (key) => store.find(key),
    async enqueue(_, messages) {
      for (const { body } of messages) sent.push(parseQueued(body))
    },
    async *pages(state, before) {
      const old = listed.filter(({ createdAt }) => !before || new Date(createdAt) < before)
      for (let at = 0; at < old.length; at += 3) {
        const page = old.slice(at, at + 3)
        const there = await Promise.all(page.map((one) => store.find(one)))
        yield page.filter((_, place) => there[place]?.state === state)
      }
    },
    now: () => now,
  }
  return { store, sent, ports, idOf: (minute: number) => String(minute).padStart(64, '0') }
}

const bounds = { limit: 1000, perSecond: 1e6, signal: new AbortController().signal }
const minute = (number: number) => new Date(Date.parse('2026-11-26T00:00:00Z') + number * 60_000)

describe("the notifications of a night's outage", () => {
  it('are counted by channel first, and stay as they are', async () => {
    const { ports, sent, store } = await night(10)
    expect(await countSelected(failed, ports, bounds)).toEqual({
      channels: { email: 6, webhook: 4 },
      more: false,
    })
    expect([sent, new Set(store.all.map(({ state }) => state))]).toEqual([[], new Set(['ERROR'])])
  })

  it('are sent again, each once, with a new time to live', async () => {
    const { ports, sent, store } = await night(10)
    const done = await resendMany(failed, ports, bounds)
    expect(done).toEqual({ channels: { email: 6, webhook: 4 }, left: [], more: false })
    expect(new Set(sent.map(({ notificationId }) => notificationId)).size).toBe(10)
    for (const one of sent) expect(one).toMatchObject({ queuedAt: now.toISOString(), resend: 1 })
    expect(new Set(store.all.map(({ state }) => state))).toEqual(new Set(['WAIT_FOR_DISPATCH']))
    expect(await resendMany(failed, ports, bounds)).toMatchObject({ channels: {} })
    expect(sent).toHaveLength(10)
  })

  it('are chosen by channel and time of creation: from this time on, and before that', async () => {
    const { ports, sent, idOf } = await night(10)
    const selection = { ...failed, channel: 'email', from: minute(2), to: minute(7) } as const
    expect(await countSelected(selection, ports, bounds)).toMatchObject({ channels: { email: 3 } })
    await resendMany(selection, ports, bounds)
    expect(sent.map(({ notificationId }) => notificationId)).toEqual([5, 4, 2].map(idOf))
  })

  it('end at the limit, and the next run goes on', async () => {
    const { ports, sent } = await night(10)
    const some = { ...bounds, limit: 4 }
    expect(await countSelected(failed, ports, some)).toMatchObject({ more: true })
    expect(await resendMany(failed, ports, some)).toMatchObject({ more: true })
    expect(sent).toHaveLength(4)
    expect(await resendMany(failed, ports, bounds)).toMatchObject({ more: false })
    expect(new Set(sent.map(({ notificationId }) => notificationId)).size).toBe(10)
  })

  it('stop between two pages when they are interrupted', async () => {
    const { ports, sent } = await night(10)
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const done = await resendMany(failed, ports, { ...bounds, signal: stop.signal, onProgress })
    expect([done.more, sent.length]).toEqual([true, 3])
  })

  it('leave out, with the reason, what is not kept or is being delivered', async () => {
    const { ports, sent, store, idOf } = await night(4)
    const kept = {
      ...ports.kept,
      async load(key: { notificationId: string }) {
        if (key.notificationId === idOf(1)) throw new EcosError('payload-not-found', 'is gone')
        return store.load(key as QueuedNotification)
      },
    }
    const busy = store.notifications.get(idOf(2))
    const until = '2026-11-26T08:00:20.000Z'
    if (busy) busy.claim = { id: 'c1', at: now.toISOString(), until }
    const { left, channels } = await resendMany(failed, { ...ports, kept }, bounds)
    expect(left).toEqual([
      { notificationId: idOf(2), reason: expect.stringContaining('is being delivered') },
      { notificationId: idOf(1), reason: expect.stringContaining('before it was queued') },
    ])
    expect([channels, sent.length]).toEqual([{ webhook: 2 }, 2])
  })

  it('are all there are, where the limit is their number', async () => {
    const { ports, sent } = await night(4)
    const four = { ...bounds, limit: 4 }
    const all = { channels: { email: 2, webhook: 2 }, more: false }
    expect(await countSelected(failed, ports, four)).toEqual(all)
    expect(await countSelected(failed, ports, { ...bounds, limit: 3 })).toMatchObject({
      ...{ channels: { email: 2, webhook: 1 }, more: true },
    })
    expect(await resendMany(failed, ports, { ...bounds, limit: 5 })).toMatchObject(all)
    expect(sent).toHaveLength(4)
  })

  it('are told of as they are sent, ten at most at a time', async () => {
    const { ports, sent, store, idOf } = await night(25)
    const done: number[] = []
    const keys = Array.from({ length: 25 }, (_, at) => ({ ...queued, notificationId: idOf(at) }))
    const listed = keys.map((key) => ({ ...key, createdAt: minute(0).toISOString() }))
    const pages = async function* () {
      yield listed
    }
    const onProgress = (count: number) => {
      expect(sent).toHaveLength(count)
      done.push(count)
    }
    await resendMany(failed, { ...ports, pages }, { ...bounds, onProgress })
    expect(done).toEqual([10, 20, 25])
    expect(store.all.every(({ resend }) => resend === 1)).toBe(true)
    const rest = await night(25)
    const some = { ...bounds, limit: 13 }
    expect(await resendMany(failed, { ...rest.ports, pages }, some)).toEqual({
      ...{ channels: { email: 13 }, left: [], more: true },
    })
    expect(rest.sent).toHaveLength(13)
  })

  it('are read no further back than they are wanted', async () => {
    const { ports } = await night(10)
    let read = 0
    const pages: typeof ports.pages = async function* (...of) {
      for await (const page of ports.pages(...of)) {
        read += 1
        yield page
      }
    }
    const selection = { ...failed, from: minute(7) }
    expect(await countSelected(selection, { ...ports, pages }, bounds)).toEqual({
      ...{ channels: { email: 2, webhook: 1 }, more: false },
    })
    expect(read).toBe(2)
  })

  it('are counted until that is interrupted', async () => {
    const { ports } = await night(10)
    const signal = AbortSignal.abort()
    expect(await countSelected(failed, ports, { ...bounds, signal })).toEqual({
      ...{ channels: { email: 2, webhook: 1 }, more: true },
    })
    expect(await resendMany(failed, ports, { ...bounds, signal })).toEqual({
      ...{ channels: {}, left: [], more: true },
    })
  })

  it('of an unknown channel are counted apart', async () => {
    const { ports, idOf } = await night(2)
    const pages = async function* () {
      yield [
        { ...queued, notificationId: idOf(0), createdAt: '', channel: undefined },
        { ...queued, notificationId: idOf(1), createdAt: '' },
      ]
    }
    const some = { ...ports, pages }
    expect(await countSelected(failed, some, bounds)).toMatchObject({
      channels: { '-': 1, email: 1 },
    })
    const push = { ...failed, channel: 'push' } as const
    expect(await countSelected(push, some, bounds)).toEqual({ channels: {}, more: false })
    expect(await resendMany(failed, some, bounds)).toMatchObject({ channels: { '-': 1, email: 1 } })
  })

  it('leave out what is in another state by then, or gone, and take others to the limit', async () => {
    const { ports, sent, store, idOf } = await night(4)
    const find: typeof ports.find = async (key) => {
      if (key.notificationId === idOf(3)) return undefined
      const record = await store.find(key)
      return record && key.notificationId === idOf(2) ? { ...record, state: 'EXPIRED' } : record
    }
    const { left, more } = await resendMany(failed, { ...ports, find }, { ...bounds, limit: 2 })
    const reason = 'its state has changed meanwhile'
    expect(left.map((one) => [one.notificationId, one.reason])).toEqual([
      [idOf(3), reason],
      [idOf(2), reason],
    ])
    expect(sent.map(({ notificationId }) => notificationId)).toEqual([idOf(1), idOf(0)])
    expect(more).toBe(false)
  })

  it('end with an error where a store fails', async () => {
    const { ports } = await night(4)
    const enqueue = () => Promise.reject(new Error('SQS is down'))
    await expect(resendMany(failed, { ...ports, enqueue }, bounds)).rejects.toThrow('SQS is down')
    const other = await night(4)
    const unreachable = () => Promise.reject(new EcosError('aws-unreachable', 'no answer'))
    const down = { ...other.ports, enqueue: unreachable }
    await expect(resendMany(failed, down, bounds)).rejects.toThrow('no answer')
  })
})

it('a dead letter that is renewed begins its time to live anew, and is otherwise the same', () => {
  const body = encodeQueued({ ...queued, customData: { amount: 1 } })
  expect(parseQueued(renewed(body, now))).toEqual({
    ...parseQueued(body),
    queuedAt: now.toISOString(),
  })
})
