import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import {
  type DispatchPorts,
  dispatch,
  type Plan,
  type QueueMessage,
} from '../../../lib/notifications/dispatch.ts'
import { parseQueued, type Sendable } from '../../../lib/notifications/notification.ts'
import type { InitialState } from '../../../lib/notifications/store.ts'
import { MemoryStore, queued } from './in-memory.ts'

const refused = () => new EcosError('queue-refused', 'no')
const outage = () => new EcosError('aws-unreachable', 'later', { retryable: true })
const waiting = { state: 'WAIT_FOR_DISPATCH' } as const
const held = { ...waiting, heldUntil: '2026-11-26T06:00:00.000Z' } as const

function planOf(name: string, initial: InitialState = waiting, more: Partial<Sendable> = {}): Plan {
  const notificationId = Buffer.from(name).toString('hex').padStart(64, '0')
  const notification = { ...queued, notificationId, username: name, ...more }
  const { title, text, html, locale, customData, queuedAt, resend, ...about } = notification
  const { username: _, ...whole } = { ...notification, title: name }
  return { notification: about, initial, queued: () => whole }
}
const withContent = (plan: Plan, content: () => never): Plan => ({ ...plan, queued: content })
const names = (...all: string[]) => all.map((name) => planOf(name))

/** A store, and what is queued by call: the channel, and each message's title and group. */
function setUp(more: Partial<DispatchPorts> = {}) {
  const store = new MemoryStore()
  const calls: unknown[] = []
  const lost: unknown[] = []
  const added: number[] = []
  const ports: DispatchPorts = {
    kept: store,
    notifications: Object.assign(Object.create(store), {
      addAll: (all: Parameters<typeof store.addAll>[0]) => {
        added.push(all.length)
        return store.addAll(all)
      },
    }),
    enqueue: async (channel, messages) => {
      const sent = messages.map(({ body, group }) => `${parseQueued(body).title} of ${group}`)
      calls.push([channel, ...sent])
    },
    onLost: ({ username }, reason) => void lost.push([username, reason]),
    ...more,
  }
  const states = () => store.all.map(({ username, state }) => [username, state].join(' '))
  const reasons = () => store.all.map(({ reason }) => reason)
  return { store, calls, lost, added, ports, states, reasons }
}

describe('notifications', () => {
  it('are queued together for each channel, in the group of their tenant', async () => {
    const { ports, calls, states, store } = setUp()
    const sms = planOf('b', waiting, { channel: 'sms', tenant: 'other' })
    await dispatch([planOf('a'), sms, planOf('c')], ports)
    expect(calls.toSorted()).toEqual([
      ['email', 'a of acme', 'c of acme'],
      ['sms', 'b of other'],
    ])
    expect(states()).toEqual(['a', 'b', 'c'].map((name) => `${name} WAIT_FOR_DISPATCH`))
    expect(store.kept.size).toBe(0)
  })

  it('are stored by one call where there are more than a few', async () => {
    const { ports, added, calls } = setUp()
    await dispatch(names('a', 'b', 'c'), ports)
    expect(added).toEqual([])
    const add = () => Promise.reject(new Error('stored one by one'))
    const notifications = Object.assign(Object.create(ports.notifications), { add })
    await dispatch(names('d', 'e', 'f', 'g'), { ...ports, notifications })
    expect(added).toEqual([4])
    expect(calls[1]).toEqual(['email', 'd of acme', 'e of acme', 'f of acme', 'g of acme'])
  })

  it('that are none, or wait for nothing, are not queued', async () => {
    const { ports, calls, states } = setUp()
    await dispatch([], ports)
    const blocked = { state: 'BLOCKED', reason: 'no' } as const
    const over = { state: 'CANCELLED', reason: 'closed' } as const
    await dispatch([planOf('a', blocked), planOf('b', over), planOf('c', held)], ports)
    expect(calls).toEqual([])
    expect(states()).toEqual(['a BLOCKED', 'b CANCELLED', 'c WAIT_FOR_DISPATCH'])
  })

  it('are kept, if they are held or blocked, before they are stored', async () => {
    const { ports, store } = setUp()
    const order: string[] = []
    const { keep, add } = store
    store.keep = (of) => {
      order.push(`keep ${of.title}`)
      return keep.call(store, of)
    }
    store.add = (of, initial) => {
      order.push(`store ${of.username}`)
      return add.call(store, of, initial)
    }
    await dispatch([planOf('a', held)], ports)
    await dispatch([planOf('b', { state: 'BLOCKED' })], ports)
    await dispatch([planOf('c'), planOf('d', { state: 'CANCELLED' })], ports)
    expect(order.slice(0, 4)).toEqual(['keep a', 'store a', 'keep b', 'store b'])
    expect(store.kept.size).toBe(2)
  })

  it('of something that is over are not even rendered', async () => {
    const { ports, states } = setUp()
    const render = () => {
      throw new Error('rendered')
    }
    await dispatch([withContent(planOf('a', { state: 'CANCELLED' }), render)], ports)
    expect(states()).toEqual(['a CANCELLED'])
  })

  it('of a digest, or held by an earlier try, are not queued, whatever this try plans', async () => {
    const { ports, store, calls } = setUp()
    await dispatch([planOf('a', held), planOf('b')], ports)
    const [, b] = store.all
    if (b) b.digestId = 'd1'
    calls.length = 0
    await dispatch([planOf('a'), planOf('b'), planOf('c')], ports)
    expect(calls).toEqual([['email', 'c of acme']])
  })

  it('that are over lose what an earlier try kept, if they are reminders', async () => {
    const { ports, store } = setUp()
    const reminder = planOf('a', held, { eventType: 'task.reminder' })
    await dispatch([reminder, planOf('b', held)], ports)
    for (const one of store.all) one.state = 'CANCELLED'
    await dispatch([reminder, planOf('b', held)], ports)
    expect([...store.kept.values()].map(({ title }) => title)).toEqual(['b'])
  })
})

describe('a notification that fails for its own fault', () => {
  const fails = (error: unknown) =>
    withContent(planOf('bad'), () => {
      throw error
    })

  it('is ERROR with the reason, and costs no other', async () => {
    const { ports, calls, states, reasons } = setUp()
    const bad = fails(new EcosError('template-failed', 'x is missing'))
    await dispatch([planOf('a'), bad, planOf('c')], ports)
    expect(states()[1]).toBe('bad ERROR')
    expect(reasons()[1]).toBe('template-failed: x is missing')
    expect(calls).toEqual([['email', 'a of acme', 'c of acme']])
  })

  it('and has no content from the start is ERROR', async () => {
    const { ports, calls, states } = setUp()
    const { queued: _, ...planned } = planOf('a', { state: 'ERROR', reason: 'x' })
    await dispatch([planned], ports)
    expect([states(), calls]).toEqual([['a ERROR'], []])
  })

  it('is tried again with all others where a service fails instead', async () => {
    const { ports, states } = setUp()
    await expect(dispatch([planOf('a'), fails(outage())], ports)).rejects.toThrow('later')
    expect(states()).toEqual([])
  })

  it('because it can not be kept is ERROR', async () => {
    const keep = () => Promise.reject(refused())
    const store = new MemoryStore()
    const { ports, states, reasons } = setUp({ kept: { keep, forget: store.forget } })
    await dispatch([planOf('a', held)], ports)
    expect([states(), reasons()]).toEqual([['a ERROR'], ['queue-refused: no']])
  })

  it('because it can not be stored is lost, and told of', async () => {
    const { ports, store, lost, calls } = setUp()
    const { add } = store
    store.add = (of, initial) =>
      of.username === 'b' ? Promise.reject(refused()) : add.call(store, of, initial)
    await dispatch(names('a', 'b'), ports)
    expect(lost).toEqual([['b', 'queue-refused: no']])
    expect(calls).toEqual([['email', 'a of acme']])
    lost.length = 0
    await dispatch(names('b', 'c', 'd', 'e'), ports)
    expect(lost).toEqual([['b', 'queue-refused: no']])
    expect(calls[1]).toEqual(['email', 'c of acme', 'd of acme', 'e of acme'])
  })

  it('and that an earlier try stored is ERROR once it can not be rendered any more', async () => {
    const { ports, calls, states, reasons } = setUp()
    await dispatch([planOf('bad')], ports)
    calls.length = 0
    await dispatch([fails(new Error('x'))], ports)
    expect([states(), calls]).toEqual([['bad ERROR'], []])
    expect(reasons()).toEqual(['template-failed: It can not be rendered any more'])
  })
})

describe('a notification that failed at an earlier try', () => {
  const error = { state: 'ERROR', reason: 'x' } as const
  const again = async (
    initial: InitialState,
    meanwhile: Partial<MemoryStore['all'][number]> = {},
  ) => {
    const world = setUp()
    await dispatch([planOf('a', error)], world.ports)
    Object.assign(world.store.all[0] ?? {}, meanwhile)
    world.calls.length = 0
    await dispatch([planOf('a', initial)], world.ports)
    return { ...world, record: world.store.all[0] }
  }

  it('is queued now that it does not', async () => {
    const { record, calls } = await again(waiting)
    expect(record?.state).toBe('WAIT_FOR_DISPATCH')
    expect(record?.reason).toBeUndefined()
    expect(calls).toEqual([['email', 'a of acme']])
  })

  it('is held now that it is to be', async () => {
    const { record, calls, store } = await again(held)
    expect(record).toMatchObject(held)
    expect([calls, store.kept.size]).toEqual([[], 1])
  })

  it('has the reason of now', async () => {
    const { record } = await again({ state: 'ERROR', reason: 'y' })
    expect(record).toMatchObject({ state: 'ERROR', reason: 'y' })
  })

  it('is not written anew for the same reason', async () => {
    const { ports, store, states } = setUp()
    await dispatch([planOf('a', error)], ports)
    store.change = () => Promise.reject(new Error('written'))
    await dispatch([planOf('a', error)], ports)
    expect(states()).toEqual(['a ERROR'])
  })

  it.each([
    ['after a delivery', { attempts: 1 }],
    ['in its sender', { endedAt: '2026-11-25T10:00:00.000Z' }],
  ])('%s stays as it is', async (_, meanwhile) => {
    const { record, calls } = await again(waiting, meanwhile)
    expect(record).toMatchObject(error)
    expect(calls).toEqual([])
  })
})

describe('a queue', () => {
  const enqueue = (bad: string, error: () => Error) => {
    const sent: string[][] = []
    const call = async (_: string, messages: readonly QueueMessage[]) => {
      const titles = messages.map(({ body }) => parseQueued(body).title)
      if (titles.includes(bad)) throw error()
      sent.push(titles)
    }
    return { sent, ...setUp({ enqueue: call }) }
  }

  it('that refuses a message gets all others, and that one is ERROR', async () => {
    const { sent, ports, states, reasons } = enqueue('b', refused)
    await dispatch(names('a', 'b', 'c'), ports)
    expect(sent).toEqual([['a'], ['c']])
    expect(states()).toEqual(['a WAIT_FOR_DISPATCH', 'b ERROR', 'c WAIT_FOR_DISPATCH'])
    expect(reasons()[1]).toBe('queue-refused: no')
  })

  it('that does not answer gets all of them with the next try', async () => {
    const { ports, states } = enqueue('b', outage)
    await expect(dispatch(names('a', 'b'), ports)).rejects.toThrow('later')
    expect(states()).toEqual(['a WAIT_FOR_DISPATCH', 'b WAIT_FOR_DISPATCH'])
  })

  it('gets a reference to what is too large for a message', async () => {
    const { ports, store, calls } = setUp()
    const large = planOf('a')
    const html = 'x'.repeat(1_000_001)
    const content = { ...queued, ...large.notification, title: 'a', html } as never
    await dispatch([{ ...large, queued: () => content }], ports)
    expect(calls).toEqual([['email', ' of acme']])
    expect([...store.kept.values()]).toMatchObject([{ title: 'a', html }])
  })
})
