import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type CommentEvent, commentEvent, taskEvent } from '../../../lib/events/schemas.ts'
import { type EventMessage, parseEventMessage } from '../../../lib/notifications/event-message.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import { type NotifyPorts, notify } from '../../../lib/notifications/notify.ts'
import { cutIntoRanges } from '../../../lib/notifications/people.ts'
import { pooledUsers } from '../../../lib/notifications/recipients.ts'
import type { Subscription } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'
import { memoryPorts, outcomesIn } from './in-memory.ts'

const pool = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const
const comment: NotificationKind<CommentEvent> = {
  type: 'comment.added',
  schema: commentEvent,
  recipients: () => 'subscribers',
}

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`)
function subscribed(username: string, eventType: 'task.assign' | 'comment.added'): Subscription {
  const actions = [{ channel: 'email', address: `${username}@x` } as const]
  return { tenant: 'acme', username, eventType, actions }
}
function poolOf(names: readonly string[]): EventMessage {
  const data = { type: 'task.create', taskTitle: 'Счёт', sum: 1, taskPooledUsers: names }
  return { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data }
}

/** Faults of a run of messages, by a number for each decision. */
interface Chances {
  /** Of a delivery: the message comes twice, its try dies before or after a call of a store, or the time is up. */
  readonly next: () => number
}

class Killed extends Error {}

/** The ports, of which any call may be the last of its try; then the message comes again. */
function mortal(ports: NotifyPorts, { next }: Chances, lives: { left: number }): NotifyPorts {
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          const chance = lives.left > 0 ? next() % 40 : 0
          if (chance === 1) lives.left -= 1
          if (chance === 1) throw new Killed('before')
          const result = await value.apply(target, args)
          if (chance === 2) lives.left -= 1
          if (chance === 2) throw new Killed('after')
          return result
        }
      },
    })
  return {
    ...ports,
    events: wrap(ports.events),
    notifications: wrap(ports.notifications),
    subscriptions: wrap(ports.subscriptions),
    ...wrap({ enqueue: ports.enqueue, queueSelf: ports.queueSelf }),
    hasTime: () => next() % 2 === 0,
  }
}

/** Handles the event's message and whatever it queues, in any order, until the queue is empty. */
async function run(
  kind: NotificationKind<never> | typeof pool | typeof comment,
  event: EventMessage,
  { ports, parts }: ReturnType<typeof memoryPorts>,
  chances: Chances = { next: () => 0 },
) {
  const lives = { left: 20 }
  const faulty = mortal(ports, chances, lives)
  const waiting: EventMessage[] = [event]
  let most = 0
  for (let tries = 0; waiting.length > 0; tries += 1) {
    if (tries > 2000) throw new Error('It never ends')
    const [message] = waiting.splice(chances.next() % waiting.length, 1)
    if (!message) break
    const copies = lives.left > 0 && chances.next() % 10 === 1 ? 2 : 1
    const results = await Promise.allSettled(
      Array.from({ length: copies }, () => notify(kind as typeof pool, message, faulty)),
    )
    for (const { reason } of results.flatMap((one) => (one.status === 'rejected' ? [one] : []))) {
      if (!(reason instanceof Killed)) throw reason
      waiting.push(message)
    }
    waiting.push(...parts.splice(0).map(parseEventMessage))
    most = Math.max(most, waiting.length)
  }
  return { most }
}

const chances = fc.infiniteStream(fc.nat()).map((stream): Chances => {
  return { next: () => Number(stream.next().value) }
})

describe('the cut', () => {
  it('puts every name into one range, and about as many into each', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 300 })
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 8 }), (all, count) => {
        const sorted = all.toSorted()
        const ranges = cutIntoRanges(sorted, count)
        const within = ranges.map(({ after, upTo }) =>
          sorted.filter(
            (name) => (after === undefined || name > after) && (upTo === undefined || name <= upTo),
          ),
        )
        expect(within.flat()).toEqual(sorted)
        expect(ranges.length).toBeLessThanOrEqual(count)
        for (const some of within)
          expect(some.length).toBeLessThanOrEqual(sorted.length / count + 1)
      }),
    )
  })
})

describe('an event of a crowd', () => {
  it('is told in parts, each with one message at a time in the queue', async () => {
    const names = namesOf(1234)
    const memory = memoryPorts(names.map((name) => subscribed(name, 'task.assign')))
    const ports = { ...memory.ports, hasTime: () => false }
    expect(await notify(pool, poolOf(names), ports)).toBe('in-parts')
    expect(memory.parts).toHaveLength(3)
    expect([...memory.store.events.values()]).toMatchObject([
      { state: 'IN_PARTS', recipients: 1234, ranges: [{}, {}, {}] },
    ])

    const waiting = memory.parts.splice(0)
    const outcomes = new Set<string>()
    for (let body = waiting.shift(); body; body = waiting.shift()) {
      outcomes.add(await notify(pool, parseEventMessage(body), ports))
      waiting.push(...memory.parts.splice(0))
      expect(waiting.length).toBeLessThanOrEqual(3)
    }
    expect(outcomes).toEqual(new Set(['part-continues', 'part-handled', 'handled']))
    expect(memory.queued.map(({ notification }) => notification.address).toSorted()).toEqual(
      names.map((name) => `${name}@x`).toSorted(),
    )
    expect(outcomesIn(memory.store)).toEqual([
      { state: 'HANDLED', recipients: 1234, notifications: 1234 },
    ])
    expect(await notify(pool, poolOf(names), ports)).toBe('duplicate')
  })

  it.each([
    ['pool', pool, 'task.assign'],
    ['subscribers', comment, 'comment.added'],
  ] as const)(
    '%s: tells each person once, whatever dies, repeats or comes out of order',
    async (_, kind, type) => {
      const count = fc.integer({ min: 90, max: 700 })
      await fc.assert(
        fc.asyncProperty(count, chances, async (size, faults) => {
          const names = namesOf(size)
          const memory = memoryPorts(names.map((name) => subscribed(name, type)))
          const event =
            kind === pool
              ? poolOf(names)
              : { tenant: 'acme', eventType: kind.type, eventId: 'e1', data: { type: kind.type } }
          await run(kind, event, memory, faults)
          expect(memory.store.all.map(({ username }) => username).toSorted()).toEqual(
            names.toSorted(),
          )
          const told = new Set(memory.queued.map(({ notification }) => notification.notificationId))
          expect(told.size).toBe(size)
          expect(outcomesIn(memory.store)).toEqual([
            { state: 'HANDLED', recipients: size, notifications: size },
          ])
        }),
        { numRuns: 40 },
      )
    },
  )

  it('reaches all who were subscribed, while others come and go', async () => {
    const names = namesOf(500)
    const subscriptions = names.map((name) => subscribed(name, 'comment.added'))
    const memory = memoryPorts(subscriptions)
    const event = { tenant: 'acme', eventType: 'comment.added', eventId: 'e1' }
    let added = 0
    const chances = {
      next: () => {
        added += 1
        if (added < 200)
          subscriptions.push(subscribed(`u${added % 60}-late-${added}`, 'comment.added'))
        return 0
      },
    }
    await run(comment, { ...event, data: { type: 'comment.added' } }, memory, chances)
    const told = new Set(memory.store.all.map(({ username }) => username))
    expect(names.filter((name) => !told.has(name))).toEqual([])
  })

  it('keeps the digits of its numbers, its trace and its replay in every step', async () => {
    const names = namesOf(150)
    const memory = memoryPorts(names.map((name) => subscribed(name, 'task.assign')))
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const body = JSON.stringify({
      ...{ source: 'ecos.acme', 'detail-type': 'task.create', 'replay-name': 'again-1' },
      detail: {
        ...{ specversion: '1.0', id: 'e1', source: '/ecos/tenants/acme', type: 'task.create' },
        ...{ tenantid: 'acme', datacontenttype: 'application/json', traceparent },
        data: { ...(poolOf(names).data as object), sum: 'DIGITS' },
      },
    }).replace('"DIGITS"', '9007199254740993')
    const event = parseEventMessage(body)
    await notify(pool, event, memory.ports)
    expect(memory.parts[0]).toContain('"sum":9007199254740993')
    const { part, ...again } = parseEventMessage(String(memory.parts[0]))
    expect(part).toEqual({ number: 0, step: 0, upTo: expect.any(String) })
    expect(JSON.stringify(again)).toBe(JSON.stringify(event))
  })

  it('makes one dead letter a part of a broken template, which begins again once it is mended', async () => {
    const names = namesOf(450)
    const memory = memoryPorts(names.map((name) => subscribed(name, 'task.assign')))
    const broken = createRender({
      ...readBuiltIn(),
      'acme/task.create/any.ru.liquid': 'x\n\n{{ event.nobodyKnows }}\n',
    })
    const ports = { ...memory.ports, hasTime: () => false }
    await notify(pool, poolOf(names), ports)
    const waiting = memory.parts.splice(0)
    const dead: string[] = []
    for (let body = waiting.shift(); body; body = waiting.shift()) {
      const failure = await notify(pool, parseEventMessage(body), {
        ...ports,
        render: broken,
      }).then(
        () => undefined,
        (error) => error,
      )
      if (failure) {
        expect(failure).toMatchObject({ code: 'template-failed', retryAfterSeconds: 0 })
        dead.push(body)
      }
      waiting.push(...memory.parts.splice(0))
    }
    expect(dead).toHaveLength(3)
    expect(memory.queued).toEqual([])
    expect([...memory.store.events.values()]).toMatchObject([{ state: 'IN_PARTS' }])

    waiting.push(...dead)
    for (let body = waiting.shift(); body; body = waiting.shift()) {
      await notify(pool, parseEventMessage(body), ports)
      waiting.push(...memory.parts.splice(0))
    }
    expect(memory.queued).toHaveLength(450)
    expect([...memory.store.events.values()]).toMatchObject([{ state: 'HANDLED', recipients: 450 }])
  })
})
