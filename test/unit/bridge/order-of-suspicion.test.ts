import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import {
  deliveryCountOf,
  inOrderOfSuspicion,
  inRandomOrder,
  type Suspect,
} from '../../../lib/bridge/order-of-suspicion.ts'
import { deliveryLimit } from '../../../lib/bridge/topology.ts'

/**
 * Processes that settle all messages in this order, of which each dies at the first killer.
 *
 * @param returns by message; the name of a killer begins with `killer`
 * @param outages how many processes end before, for another reason
 * @returns after how many processes the innocent ones were settled, and which were dead-lettered
 */
function settleAll(returns: ReadonlyMap<string, number>, outages = 0) {
  const queue = new Map(returns)
  const lost: string[] = []
  const innocents = () => [...queue.keys()].filter(isInnocent)
  let processes = 0
  for (; innocents().length > 0; processes += 1) {
    for (const id of processes < outages ? [] : orderOf(queue)) {
      if (!isInnocent(id)) break
      queue.delete(id)
    }
    for (const [id, count] of queue) {
      if (count < deliveryLimit) queue.set(id, count + 1)
      else if (queue.delete(id) && isInnocent(id)) lost.push(id)
    }
  }
  return { processes, lost }
}

const isInnocent = (id: string) => !id.startsWith('killer')
const orderOf = (queue: ReadonlyMap<string, number>) =>
  inOrderOfSuspicion(
    [...queue].map(([routingKey, count]) => ({
      ...{ queue: 'tenant.acme.eventbridge', routingKey, redelivered: true, body: Buffer.of() },
      properties: { headers: { 'x-delivery-count': count } },
    })),
  ).map(({ routingKey }) => routingKey)

/** Names differ with the seed, and so do the orders. */
function messages(seed: number, killers: number, innocents: number, count: () => number = () => 1) {
  const names = (kind: string, length: number) =>
    Array.from({ length }, (_, at) => [`${kind} ${seed} ${at}`, count()] as const)
  return new Map([...names('killer', killers), ...names('innocent', innocents)])
}

describe('redelivered messages, in order of suspicion', () => {
  it('are settled once each killer has killed one process, and none is lost', () => {
    const counts = fc.record({
      seed: fc.nat(),
      killers: fc.integer({ min: 1, max: 12 }),
      innocents: fc.integer({ min: 1, max: 100 }),
    })
    fc.assert(
      fc.property(counts, ({ seed, killers, innocents }) => {
        const { processes, lost } = settleAll(messages(seed, killers, innocents))
        expect(lost).toEqual([])
        expect(processes).toBeLessThanOrEqual(killers + 1)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  it('are not lost beside three killers, after five processes that ended for other reasons', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      expect(settleAll(messages(seed, 3, 100), 5).lost).toEqual([])
    }
  })

  it('are not lost beside three killers, however often each came back before', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      let next = seed
      const count = () => {
        next += 1
        return 1 + (next % 6)
      }
      expect(settleAll(messages(seed, 3, 100, count)).lost).toEqual([])
    }
  })

  it('differ in their order each time where nobody counts', () => {
    const uncounted = Array.from({ length: 20 }, (_, at) => ({
      ...{ queue: 'q', routingKey: String(at), redelivered: true, body: Buffer.of() },
      properties: { headers: {} },
    }))
    const [once, again] = [1, 2].map(() => inOrderOfSuspicion(uncounted).map((m) => m.routingKey))
    expect(once).not.toEqual(again)
  })

  it('are in order at once, whatever number a header has', () => {
    const counts = [3, 4, 1e9, Number.MAX_SAFE_INTEGER].map(
      (count) => [String(count), count] as const,
    )
    expect(orderOf(new Map(counts))).toHaveLength(4)
  })

  const ordered = (queue: string, routingKey: string, count = 3, text = '') => ({
    ...{ queue, wire: '2.0' as const, routingKey, redelivered: true, body: Buffer.from(text) },
    properties: { headers: { 'x-delivery-count': count } },
  })

  it('of an ordered queue stay together, in their order', () => {
    const all = Array.from({ length: 30 }, (_, index) => ordered(`${index % 3}`, `${index}`))
    const order = inOrderOfSuspicion(all)
    for (const queue of ['0', '1', '2']) {
      const of = all.filter((message) => message.queue === queue)
      const start = order.findIndex((message) => message.queue === queue)
      expect(order.slice(start, start + 10)).toEqual(of)
    }
    const other = { ...ordered('0', 'other'), wire: '1.0' as const }
    const with0 = inOrderOfSuspicion([...all.slice(0, 15), other, ...all.slice(15)])
    expect([0, 10, 20, 30]).toContain(with0.indexOf(other))
  })

  it('of ordered queues go by the names of these, and by what came back most often', () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index}`)
    const orderWith = (text: string) =>
      inOrderOfSuspicion(names.map((name) => ordered(name, 'k', 3, text))).map(({ queue }) => queue)
    expect(orderWith('one')).toEqual(orderWith('another'))
    const near = [ordered('a', '1', 1), ordered('b', '2', 15), ordered('a', '3', 16)]
    expect(inOrderOfSuspicion(near).map(({ routingKey }) => routingKey)).toEqual(['1', '3', '2'])
  })
})

describe('near the limit of twenty', () => {
  const orderOfCounts = (...counts: number[]) =>
    orderOf(new Map(counts.map((count) => [String(count), count]))).map(Number)

  it('what came back most often goes first, from the fifth return before it', () => {
    expect(orderOfCounts(16, 15, 17)).toEqual([17, 16, 15])
    for (const far of [1, 7, 13, 14]) expect(orderOfCounts(far, 15)).toEqual([15, far])
    expect(orderOfCounts(3, 19, 2, 18).slice(0, 2)).toEqual([19, 18])
  })
})

describe('the order of suspicion', () => {
  const suspect = (over: Partial<Suspect>): Suspect => ({
    ...{ queue: 'q', routingKey: 'k', redelivered: true, body: Buffer.from('b') },
    properties: { headers: { 'x-delivery-count': 3 } },
    ...over,
  })
  const named = (id: string, count: number): Suspect['properties'] => {
    return { messageId: id, headers: { 'x-delivery-count': count } }
  }

  it.each<[string, (id: string) => Partial<Suspect>]>([
    ['queue', (id) => ({ queue: id })],
    ['routing key', (id) => ({ routingKey: id })],
    ['message id', (id) => ({ properties: named(id, 3) })],
    ['body', (id) => ({ body: Buffer.from(id) })],
  ])('is the same in each process, and follows from the %s', (_, part) => {
    const messages = Array.from({ length: 12 }, (__, index) => suspect(part(`${index}`)))
    const order = inOrderOfSuspicion(messages)
    expect(inOrderOfSuspicion(messages.toReversed())).toEqual(order)
    expect(order).not.toEqual(messages)
    expect(order).not.toEqual(messages.toReversed())
    expect(new Set(order)).toEqual(new Set(messages))
  })

  it('differs from one return to the next', () => {
    const idsOf = (count: number) =>
      inOrderOfSuspicion(
        Array.from({ length: 12 }, (_, index) => suspect({ properties: named(`${index}`, count) })),
      ).map(({ properties }) => properties['messageId'])
    expect(idsOf(1)).not.toEqual(idsOf(2))
  })

  it('ends with the one at which the process before has died', () => {
    const settled = (count: number, ids: readonly string[]) =>
      inOrderOfSuspicion(ids.map((id) => suspect({ properties: named(id, count) }))).map(
        ({ properties }) => String(properties['messageId']),
      )
    const ids = Array.from({ length: 12 }, (_, index) => `${index}`)
    const accused: string[] = []
    // Each process settles four, and dies at the fifth.
    let left = ids
    for (let count = 1; count < 3; count += 1) {
      const order = settled(count, left)
      accused.push(order[4] ?? '')
      left = left.filter((id) => !order.slice(0, 4).includes(id))
      expect(
        settled(count + 1, left)
          .slice(-accused.length)
          .toSorted(),
      ).toEqual(accused.toSorted())
    }
    expect(left).toHaveLength(4)
  })

  it('accuses nobody of what has ended before it came', () => {
    const olds = ['old 1', 'old 2'].map((id) => suspect({ properties: named(id, 3) }))
    const news = Array.from({ length: 60 }, (_, index) =>
      suspect({ properties: named(`${index}`, 1) }),
    )
    // Two processes have ended since the old ones came, at one of these or at each.
    expect(olds).toContain(inOrderOfSuspicion([...olds, ...news]).at(-1))
    const others = inOrderOfSuspicion([...olds, ...news]).filter((one) => news.includes(one))
    expect(others).toEqual(inOrderOfSuspicion(news))
  })

  it('is of one message that one, and of none none', () => {
    const one = suspect({})
    expect([inOrderOfSuspicion([one]), inOrderOfSuspicion([])]).toEqual([[one], []])
  })
})

describe('how often a message was delivered before', () => {
  const counted = (redelivered: boolean, headers?: unknown) =>
    deliveryCountOf({ redelivered, properties: headers === undefined ? {} : { headers } })

  it('is the broker’s count where there is one, and once at least for what comes again', () => {
    expect(counted(true, { 'x-delivery-count': 7 })).toBe(7)
    expect(counted(true, { 'x-delivery-count': '7' })).toBe(1)
    expect(counted(true, {})).toBe(1)
    expect(counted(true)).toBe(1)
    expect(counted(false)).toBe(0)
    // A publisher may write what it likes.
    expect(counted(false, { 'x-delivery-count': 7 })).toBe(0)
  })
})

describe('a random order', () => {
  afterEach(() => void jest.restoreAllMocks())

  it('has each message once, by chance alone', () => {
    const chances = [0.9, 0.1, 0.5]
    jest.spyOn(Math, 'random').mockImplementation(() => chances.shift() ?? 0)
    expect(inRandomOrder(['a', 'b', 'c'])).toEqual(['b', 'c', 'a'])
  })
})
