import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import {
  type EventMessage,
  type Part,
  parseEventMessage,
} from '../../../lib/notifications/event-message.ts'
import type { EventInParts, PartRecord } from '../../../lib/notifications/event-records.ts'
import {
  beginParts,
  type PartsPorts,
  queueParts,
  tellPart,
} from '../../../lib/notifications/parts.ts'
import type { People } from '../../../lib/notifications/people.ts'
import { memoryPorts } from './in-memory.ts'

const event: EventMessage = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', data: {} }
const nameOf = (at: number) => `u${String(at).padStart(3, '0')}`
const notes = { about: { task: 'Счёт' } }

/** So many people, of whom pages are read, and who are told. */
function setUp(count: number, { parts = 2, hasTime = () => true as boolean } = {}) {
  const { ports: memory, store, parts: bodies } = memoryPorts([])
  const groups: string[] = []
  const names = Array.from({ length: count }, (_, at) => nameOf(at))
  const told: string[] = []
  const read: unknown[] = []
  let fault: unknown
  const people: People = {
    names: async () => names,
    async page({ after = '', upTo = 'v' }, limit) {
      read.push([after, limit])
      const all = names.filter((name) => name > after && name <= upTo)
      const some = all.slice(0, limit)
      const next = all.length > limit ? some.at(-1) : undefined
      return {
        subscribers: some.map((username) => ({ username, actions: [] })),
        ...{ recipients: some.length, ...(next !== undefined && { next }) },
      }
    },
  }
  const ports: PartsPorts = {
    ...{ events: memory.events, parts, hasTime },
    async queueSelf(messages) {
      groups.push(...messages.map(({ group }) => group))
      await memory.queueSelf(messages)
    },
  }
  const tell = async (part: Part, more: Partial<PartsPorts> = {}) =>
    tellPart(
      { ...event, part },
      { people, notes },
      async (some) => {
        told.push(...some.map(({ username }) => username))
        // Two of each page get nothing.
        const ids = some.slice(2).map(({ username }) => `id of ${username}`)
        return { ids, ...(fault !== undefined && { broken: fault }) }
      },
      { ...ports, ...more },
    )
  return {
    ...{ store, ports, people, told, read, groups, tell },
    /** What is queued since the last look. */
    queued: () => bodies.splice(0).map((body) => parseEventMessage(body).part),
    records: () => [...store.parts.values()],
    outcome: () => [...store.events.values()],
    breakBy: (error: unknown) => {
      fault = error
    },
  }
}

const inParts = (...upTo: (string | undefined)[]): EventInParts => ({
  ...{ state: 'IN_PARTS', recipients: 7 },
  ranges: upTo.map((name, at) => ({ after: at === 0 ? undefined : upTo[at - 1], upTo: name })),
})
const done: PartRecord = {
  ...{ number: 0, step: 0, isDone: true, recipients: 3, notifications: 2 },
}

describe('the parts of an event', () => {
  it('are cut once, and a step of each is queued for its tenant', async () => {
    const { ports, people, queued, outcome, groups } = setUp(300)
    await beginParts(event, people, ports)
    const ranges = [
      { after: undefined, upTo: 'u149' },
      { after: 'u149', upTo: undefined },
    ]
    expect(outcome()).toEqual([{ state: 'IN_PARTS', recipients: 300, ranges }])
    const first = [
      { number: 0, step: 0, upTo: 'u149' },
      { number: 1, step: 0, after: 'u149' },
    ]
    expect(queued()).toEqual(first)
    expect(groups).toEqual(['acme', 'acme'])
    // Somebody else has come meanwhile: the ranges stay.
    await beginParts(event, setUp(7).people, ports)
    expect(queued()).toEqual(first)
  })

  it('are not queued where the event has been handled meanwhile', async () => {
    const { ports, people, queued } = setUp(300)
    await ports.events.record(event, { state: 'HANDLED', recipients: 0, notifications: 0 })
    await beginParts(event, people, ports)
    expect(queued()).toEqual([])
  })

  it('are queued again as far as they are not done, at their steps', async () => {
    const { ports, queued } = setUp(0)
    await ports.events.savePart(event, { ...done, number: 0 }, undefined)
    await ports.events.savePart(event, { ...done, number: 1, step: 4, isDone: false }, undefined)
    await ports.events.savePart(event, { ...done, number: 2, step: 2, broken: 'x' }, undefined)
    await queueParts(event, inParts('a', 'b', 'c', undefined), ports)
    expect(queued()).toEqual([
      { number: 1, step: 4, after: 'a', upTo: 'b' },
      { number: 2, step: 2, after: 'b', upTo: 'c' },
      { number: 3, step: 0, after: 'c' },
    ])
  })
})

describe('a step of a part', () => {
  it('tells page after page while there is time, each of which is recorded', async () => {
    const { tell, told, read, records, queued } = setUp(300)
    expect(await tell({ number: 0, step: 0, after: 'u009', upTo: 'u259' })).toBe('part-handled')
    expect(told).toHaveLength(250)
    expect([told[0], told.at(-1)]).toEqual(['u010', 'u259'])
    expect(read).toEqual([
      ['u009', 100],
      ['u109', 100],
      ['u209', 100],
    ])
    expect(records()).toEqual([
      {
        ...{ number: 0, step: 0, isDone: true, after: undefined },
        ...{ recipients: 250, notifications: 244 },
      },
    ])
    expect(queued()).toEqual([])
  })

  it('queues the next one when its time is up, which goes on after the last person', async () => {
    const { tell, told, queued, records, groups } = setUp(250, { hasTime: () => false })
    const part = { number: 1, step: 0, upTo: 'u249' }
    expect(await tell(part)).toBe('part-continues')
    expect(told).toHaveLength(100)
    expect(records()).toMatchObject([{ number: 1, step: 0, after: 'u099', isDone: false }])
    const [second] = queued()
    expect(second).toEqual({ ...part, step: 1 })
    expect(groups).toEqual(['acme'])
    expect(await tell(second as Part)).toBe('part-continues')
    const [third] = queued()
    expect(await tell(third as Part)).toBe('part-handled')
    expect(told).toEqual(Array.from({ length: 250 }, (_, at) => nameOf(at)))
    expect(records()).toMatchObject([{ step: 2, isDone: true, recipients: 250 }])
    expect(queued()).toEqual([])
  })

  it('that comes late is a duplicate, and the same one goes on', async () => {
    const { tell, told, ports } = setUp(3)
    const before = { ...done, step: 2, isDone: false, after: 'u000' }
    await ports.events.savePart(event, before, undefined)
    expect(await tell({ number: 0, step: 1 })).toBe('duplicate')
    expect(told).toEqual([])
    expect(await tell({ number: 0, step: 2 })).toBe('part-handled')
    expect(told).toEqual(['u001', 'u002'])
  })

  it('that is done is not told again', async () => {
    const { tell, told, ports } = setUp(3)
    await ports.events.savePart(event, done, undefined)
    expect(await tell({ number: 0, step: 0 })).toBe('part-handled')
    expect(told).toEqual([])
  })

  it('ends where another copy is at work', async () => {
    const { tell, told, ports } = setUp(300)
    const events = { ...ports.events, savePart: async () => false }
    expect(await tell({ number: 0, step: 0 }, { events })).toBe('duplicate')
    expect(told).toHaveLength(100)
  })

  it('that no part was begun for begins it', async () => {
    const { tell, records } = setUp(3)
    expect(await tell({ number: 2, step: 5 })).toBe('part-handled')
    expect(records()).toMatchObject([{ number: 2, step: 5, isDone: true, recipients: 3 }])
  })
})

describe('a part of a broken template', () => {
  const broken = new EcosError('template-failed', 'x is missing')
  const failure = {
    ...{ code: 'template-failed', message: 'x is missing', retryAfterSeconds: 0 },
  }

  it('is told to its end, then rests until the template is mended, and begins anew', async () => {
    const { tell, told, records, breakBy } = setUp(150)
    breakBy(broken)
    await expect(tell({ number: 0, step: 0 })).rejects.toMatchObject(failure)
    expect(told).toHaveLength(150)
    expect(records()).toMatchObject([{ isDone: true, broken: 'x is missing', recipients: 150 }])
    breakBy(undefined)
    told.length = 0
    expect(await tell({ number: 0, step: 0 })).toBe('part-handled')
    expect(told).toHaveLength(150)
    expect(records()).toMatchObject([{ isDone: true, recipients: 150, notifications: 146 }])
    expect(records()[0]).not.toHaveProperty('broken')
  })

  it('is broken, whichever of its steps met it', async () => {
    const { tell, records, queued, breakBy } = setUp(150, { hasTime: () => false })
    breakBy(broken)
    expect(await tell({ number: 0, step: 0 })).toBe('part-continues')
    breakBy(undefined)
    const [next] = queued()
    await expect(tell(next as Part)).rejects.toMatchObject(failure)
    expect(records()).toMatchObject([{ isDone: true, broken: 'x is missing' }])
  })
})

describe('the last part that ends', () => {
  const other = { ...done, number: 1, recipients: 40, notifications: 30 }

  it('records the event, with the sums of all and what is noted of it', async () => {
    const { tell, ports, outcome } = setUp(5)
    await ports.events.begin(event, inParts('u004', undefined))
    await ports.events.savePart(event, other, undefined)
    expect(await tell({ number: 0, step: 0, upTo: 'u004' })).toBe('handled')
    expect(outcome()).toEqual([{ state: 'HANDLED', recipients: 45, notifications: 33, ...notes }])
    // Once more: what has been handled stays.
    expect(await tell({ number: 0, step: 0, upTo: 'u004' })).toBe('part-handled')
  })

  it.each([
    ['has not begun', undefined],
    ['is under way', { ...other, isDone: false }],
    ['is broken', { ...other, broken: 'x' }],
  ])('is not this one where another %s', async (_, record) => {
    const { tell, ports, outcome } = setUp(5)
    await ports.events.begin(event, inParts('u004', undefined))
    if (record) await ports.events.savePart(event, record, undefined)
    expect(await tell({ number: 0, step: 0, upTo: 'u004' })).toBe('part-handled')
    expect(outcome()).toMatchObject([{ state: 'IN_PARTS' }])
  })
})
