import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { collectFailures } from '../../../lib/notifications/collect-failures.ts'
import { parseQueued } from '../../../lib/notifications/notification.ts'
import {
  alone,
  type Due,
  digestIdOf,
  open,
  type Parcel,
  together,
} from '../../../lib/notifications/parcels.ts'
import { queueParcels } from '../../../lib/notifications/queue-parcels.ts'
import { sideBySide } from '../../../lib/notifications/side-by-side.ts'
import type { NotificationRecord } from '../../../lib/notifications/store.ts'
import { MemoryStore, queued } from './in-memory.ts'

const now = new Date('2026-11-25T09:00:30.000Z')
const heldUntil = '2026-11-25T09:00:00.000Z'
const refused = () => new EcosError('queue-refused', 'no')
const outage = () => new EcosError('aws-unreachable', 'later', { retryable: true })
const idOf = (eventId: string) => Buffer.from(eventId).toString('hex').padStart(64, '0')

/** A held notification that is stored and kept, and due. */
async function dueIn(store: MemoryStore, eventId: string, more: Partial<Due['content']> = {}) {
  const notificationId = idOf(eventId)
  const content = { ...queued, notificationId, eventId, title: eventId, ...more }
  const { title, text, html, locale, customData, queuedAt, resend, ...about } = content
  const record = await store.add(
    { ...about, username: 'ivanov' },
    { state: 'WAIT_FOR_DISPATCH', heldUntil, digest: true },
  )
  await store.keep(content)
  return { record, content }
}

async function setUp() {
  const store = new MemoryStore()
  const failures = collectFailures()
  const ports = { notifications: store, kept: store, fits: () => true }
  return {
    ...{ store, failures, ports },
    due: (eventId: string, more?: Partial<Due['content']>) => dueIn(store, eventId, more),
    digests: (...groups: readonly (readonly Due[])[]) =>
      together(groups, now, ports, sideBySide(failures, 2)),
    recordOf: (eventId: string) => store.notifications.get(idOf(eventId)),
  }
}

/** The events of a parcel's members, and the title with which it is queued. */
const shown = (parcels: readonly Parcel[]) =>
  parcels.map(({ members, queued: content }) => [
    members.map(({ content: { eventId } }) => eventId).join(' '),
    content?.title,
  ])

describe('a due notification', () => {
  it('is opened with its content and its address of now', async () => {
    const { ports, due } = await setUp()
    const { record, content } = await due('e1')
    expect(await open(record, 'new@acme.example', ports)).toEqual({
      ...{ record, content: { ...content, address: 'new@acme.example' } },
    })
  })

  it('is ERROR where its content is lost, and due again where that can not be read', async () => {
    const { ports, due, store, recordOf } = await setUp()
    const { record } = await due('e1')
    const kept = { load: () => Promise.reject(outage()) }
    await expect(open(record, 'a', { ...ports, kept })).rejects.toThrow('later')
    expect(recordOf('e1')).toMatchObject({ state: 'WAIT_FOR_DISPATCH', heldUntil })
    store.kept.clear()
    expect(await open(record, 'a', ports)).toBeUndefined()
    expect(recordOf('e1')).toMatchObject({
      state: 'ERROR',
      reason: expect.stringMatching(/was not kept/),
    })
  })

  it('alone is a parcel of its own', async () => {
    const { due } = await setUp()
    const one = await due('e1')
    expect(alone(one)).toEqual({ record: one.record, members: [one], queued: one.content })
  })
})

describe('notifications that come together', () => {
  it('have the same digest if person, place and moment are the same', async () => {
    const { due } = await setUp()
    const one = await due('e1')
    const id = digestIdOf(one)
    expect(digestIdOf(await due('e2'))).toBe(id)
    const { record, content } = one
    const others: Due[] = [
      { record, content: { ...content, address: 'new@acme.example' } },
      { record, content: { ...content, channel: 'sms' } },
      { record: { ...record, username: 'petrov' }, content },
      { record: { ...record, tenant: 'other' }, content },
      { record: { ...record, heldUntil: '2026-11-26T09:00:00.000Z' }, content },
    ]
    expect(new Set([id, ...others.map(digestIdOf)]).size).toBe(6)
  })

  it('are one parcel for each place, whose record names the members', async () => {
    const { due, digests, store } = await setUp()
    const mine = [await due('e1'), await due('e2')]
    const other = [await due('e3', { address: 'petrov@acme.example' })]
    const parcels = await digests(mine, other)
    expect(shown(parcels)).toEqual([
      ['e1 e2', 'Уведомления: 2'],
      ['e3', 'e3'],
    ])
    const [first, second] = parcels
    expect(first?.record).toMatchObject({
      ...{ notificationId: digestIdOf(mine[0] as Due), eventType: 'notification.digest' },
      ...{ state: 'WAIT_FOR_DISPATCH', username: 'ivanov' },
      members: ['e1', 'e2'].map((eventId) => ({
        ...{ tenant: 'acme', eventType: 'task.assign', eventId, notificationId: idOf(eventId) },
      })),
    })
    expect(first?.queued?.queuedAt).toBe(now.toISOString())
    expect(second?.queued?.address).toBe('petrov@acme.example')
    expect(store.notifications.has(first?.record.notificationId ?? '')).toBe(true)
  })

  it('are no parcel where there are none', async () => {
    const { digests, store } = await setUp()
    store.addAll = () => Promise.reject(new Error('called'))
    expect(await digests()).toEqual([])
  })

  it('are in several digests where there are more than fifty', async () => {
    const { due, digests } = await setUp()
    const all = await Promise.all(Array.from({ length: 101 }, (_, at) => due(`e${at}`)))
    const parcels = await digests(all)
    expect(parcels.map(({ members }) => members.length)).toEqual([50, 50, 1])
    expect(new Set(parcels.map(({ record }) => record.notificationId)).size).toBe(3)
    expect(parcels.flatMap(({ members }) => members)).toEqual(all)
  })

  it('after their digest was made come in another', async () => {
    const { due, digests } = await setUp()
    const [one, two, late] = [await due('e1'), await due('e2'), await due('e3')]
    await digests([one, two])
    expect(shown(await digests([two, late]))).toEqual([
      ['e2', 'Уведомления: 2'],
      ['e3', 'e3'],
    ])
    expect(shown(await digests([late]))).toEqual([['e3', 'e3']])
  })

  it('are not queued once more where their digest was delivered', async () => {
    const { due, digests, store } = await setUp()
    const both = [await due('e1'), await due('e2')]
    const [first] = await digests(both)
    const digest = store.notifications.get(first?.record.notificationId ?? '')
    if (digest) digest.state = 'SENT'
    expect(shown(await digests(both))).toEqual([['e1 e2', undefined]])
  })

  it('are told of by their digest, also those that only another run has found', async () => {
    const { due, digests } = await setUp()
    const [one, two] = [await due('e1'), await due('e2')]
    const [first] = await digests([one, two])
    const [again] = await digests([two])
    expect(again?.queued).toEqual(first?.queued)
    expect(again?.members).toEqual([two])
  })

  it('are counted where their content is lost since, and due again where it can not be read', async () => {
    const { due, digests, store, failures } = await setUp()
    const [one, two, three] = [await due('e1'), await due('e2'), await due('e3')]
    await digests([one, two, three])
    store.kept.delete(idOf('e1'))
    const [again] = await digests([two, three])
    expect(again?.queued?.title).toBe('Уведомления: 3')
    expect(again?.queued?.text).toContain('и ещё 1 уведомление')
    store.load = () => Promise.reject(outage())
    expect(await digests([two, three])).toEqual([])
    expect(() => failures.throwIfAny()).toThrow(/1 due notifications failed.*later/)
  })

  it('cost no other digest theirs', async () => {
    const { due, digests, store, failures } = await setUp()
    const mine = [await due('e1')]
    const other = [await due('e2', { address: 'petrov@acme.example' })]
    const { add } = store
    store.add = (of, initial) =>
      of.address.startsWith('ivanov') ? Promise.reject(outage()) : add.call(store, of, initial)
    expect(shown(await digests(mine, other))).toEqual([['e2', 'e2']])
    expect(() => failures.throwIfAny()).toThrow(digestIdOf(mine[0] as Due))
  })
})

describe('the queue of a channel', () => {
  /** What is queued by call: the channel and the titles. */
  async function queueing(reject?: (title: string) => Error | undefined) {
    const world = await setUp()
    const calls: unknown[] = []
    const ports = {
      ...world.ports,
      async enqueue(channel: string, messages: readonly { body: string; group: string }[]) {
        const all = messages.map(({ body, group }) => ({ ...parseQueued(body), group }))
        const error = all.map(({ title }) => reject?.(title)).find(Boolean)
        if (error) throw error
        calls.push([channel, ...all.map(({ title, group }) => `${title} of ${group}`)])
      },
    }
    const queue = (...parcels: Parcel[]) => queueParcels(parcels, now, ports, world.failures)
    return { ...world, ports, calls, queue }
  }

  it('gets all of its parcels by one call, whose time to live begins now', async () => {
    const { due, queue, calls, ports, failures } = await queueing()
    const times: string[] = []
    const [one, two] = [alone(await due('e1')), alone(await due('e2', { channel: 'sms' }))]
    const three = alone(await due('e3', { tenant: 'other' }))
    expect(await queue(one, two, three)).toEqual([one, three, two])
    expect(calls).toEqual([
      ['email', 'e1 of acme', 'e3 of other'],
      ['sms', 'e2 of acme'],
    ])
    const enqueue = async (_: string, messages: readonly { body: string }[]) =>
      void times.push(...messages.map(({ body }) => parseQueued(body).queuedAt))
    await queueParcels([one], now, { ...ports, enqueue }, failures)
    expect(times).toEqual([now.toISOString()])
  })

  it('gets nothing of a parcel that waits no more, which is done', async () => {
    const { due, queue, calls } = await queueing()
    const { record, members } = alone(await due('e1'))
    expect(await queue({ record, members })).toEqual([{ record, members }])
    expect(await queue()).toEqual([])
    expect(calls).toEqual([])
  })

  it('that refuses a parcel gets the others, and that one is ERROR with its members', async () => {
    const { due, digests, queue, calls, recordOf, failures, store } = await queueing((title) =>
      title === 'Уведомления: 2' ? refused() : undefined,
    )
    const single = alone(await due('e3'))
    const [digest] = await digests([await due('e1'), await due('e2')])
    expect(await queue(single, digest as Parcel)).toEqual([single])
    expect(calls).toEqual([['email', 'e3 of acme']])
    const failed = { state: 'ERROR', reason: 'queue-refused: no' }
    expect([recordOf('e1'), recordOf('e2')]).toMatchObject([failed, failed])
    expect(store.notifications.get(digest?.record.notificationId ?? '')).toMatchObject(failed)
    expect(recordOf('e3')).toMatchObject({ state: 'WAIT_FOR_DISPATCH' })
    failures.throwIfAny()
  })

  it('that does not answer leaves all its parcels due, and no other channel’s', async () => {
    const { due, queue, recordOf, failures } = await queueing((title) =>
      title === 'e1' ? outage() : undefined,
    )
    const sms = alone(await due('e3', { channel: 'sms' }))
    expect(await queue(alone(await due('e1')), alone(await due('e2')), sms)).toEqual([sms])
    expect(recordOf('e1')).toMatchObject({ state: 'WAIT_FOR_DISPATCH' })
    expect(() => failures.throwIfAny()).toThrow(`2 due notifications failed and stay due`)
  })

  it('gets all but what can not be kept, which stays due', async () => {
    const { due, ports, calls, failures } = await queueing()
    const large = alone(await due('e1', { html: 'x'.repeat(1_000_001) }))
    const small = alone(await due('e2'))
    const kept = { ...ports.kept, keep: () => Promise.reject(outage()) }
    expect(await queueParcels([large, small], now, { ...ports, kept }, failures)).toEqual([small])
    expect(calls).toEqual([['email', 'e2 of acme']])
    expect(() => failures.throwIfAny()).toThrow(/^1 due notifications/)
    const sms = alone(await due('e3', { channel: 'sms', html: 'x'.repeat(1_000_001) }))
    calls.length = 0
    expect(await queueParcels([sms], now, { ...ports, kept }, failures)).toEqual([])
    expect(calls).toEqual([])
  })
})

it('failures are counted, and the first of them is named', async () => {
  const failures = collectFailures()
  failures.throwIfAny()
  const record = { ...queued, username: 'ivanov' } as never as NotificationRecord
  expect(await failures.guard(record, async () => 7)).toBe(7)
  failures.throwIfAny()
  expect(await failures.guard(record, () => Promise.reject(refused()))).toBeUndefined()
  const other = { ...record, notificationId: 'b' }
  await failures.guard(other, () => Promise.reject(new TypeError('secret')))
  expect(() => failures.throwIfAny()).toThrow(
    expect.objectContaining({
      ...{ code: 'notifications-left', retryable: true, cause: refused() },
      message: `2 due notifications failed and stay due, the first ${queued.notificationId} of the tenant acme: no`,
    }),
  )
})
