import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import { deliveryLimit } from '../../../../lib/bridge/topology.ts'
import { virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { createIsolation } = await import('../../../../lib/bridge/drain/isolation.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** Drains that die of a killer, one after another, until the queue is empty. @returns the dead letters */
async function drainUntilEmpty(returns: ReadonlyMap<string, number>, run = 0): Promise<string[]> {
  const queue = new Map(returns)
  const dead: string[] = []
  while (queue.size > 0) {
    const isolation = createIsolation()
    const death = new AbortController()
    for (const [id, count] of queue) isolation.hold(message(id, count, run))
    const settling = isolation.settleAll(async ({ routingKey: id }) => {
      if (!id.startsWith('killer')) return queue.delete(id)
      death.abort()
      return new Promise<never>(() => undefined)
    }, death.signal)
    // As long as each may take alone.
    await jest.advanceTimersByTimeAsync(10_000)
    await settling
    // All that the drain held goes back, and counts a delivery.
    for (const [id, count] of queue) {
      if (count < deliveryLimit) queue.set(id, count + 1)
      else if (queue.delete(id)) dead.push(id)
    }
  }
  return dead
}

function message(routingKey: string, returns: number, run: number): IncomingMessage {
  const properties = { headers: { 'x-delivery-count': returns } }
  const body = Buffer.from(`run ${run}`)
  const redelivered = returns > 0
  return {
    routingKey,
    properties,
    redelivered,
    body,
  } as Partial<IncomingMessage> as IncomingMessage
}

describe('redelivered messages, settled alone', () => {
  it.each([
    ['came back more often than the killer', { innocent: 2, killer: 1 }],
    ['came back as often', { innocent: 1, killer: 1 }],
    ['came back less often', { innocent: 1, killer: 3 }],
    ['is between two killers', { 'killer a': 4, innocent: 3, 'killer b': 2 }],
    ['is one return from the limit', { innocent: deliveryLimit, killer: deliveryLimit - 1 }],
  ])('are not dead-lettered with a killer: one that %s', async (_, returns) => {
    const killers = Object.keys(returns).filter((id) => id.startsWith('killer'))
    const dead = await drainUntilEmpty(new Map(Object.entries(returns)))
    expect(dead.toSorted()).toEqual(killers)
  })

  const orderedMessage = (routingKey: string, queue: string, returns = 0) =>
    ({ ...message(routingKey, returns, 0), queue, wire: '2.0' }) as IncomingMessage

  it('are those that came again and, in an ordered queue, all that come after such a one', () => {
    const isolation = createIsolation()
    expect(isolation.concerns(message('new', 0, 0))).toBe(false)
    expect(isolation.concerns(message('again', 1, 0))).toBe(true)
    expect(isolation.concerns(orderedMessage('new', 'one'))).toBe(false)
    isolation.hold({ ...message('again', 1, 0), queue: 'unordered' })
    isolation.hold(orderedMessage('again', 'one', 1))
    expect(isolation.size).toBe(2)
    expect(isolation.concerns(orderedMessage('behind', 'one'))).toBe(true)
    expect(isolation.concerns(orderedMessage('new', 'two'))).toBe(false)
    const queues = ['unordered', 'one', 'two']
    expect(queues.map(isolation.mayConsume)).toEqual([true, false, true])
  })

  it('go one after another, each when the one before is acknowledged, and then their queues are free', async () => {
    const isolation = createIsolation()
    isolation.hold(orderedMessage('first', 'one', 1))
    isolation.hold(orderedMessage('second', 'one'))
    const begun: string[] = []
    const first = Promise.withResolvers<void>()
    const settle = ({ routingKey }: IncomingMessage) => {
      begun.push(routingKey)
      return routingKey === 'first' ? first.promise : Promise.resolve()
    }
    void isolation.settleAll(settle, new AbortController().signal)
    await jest.advanceTimersByTimeAsync(4_999)
    expect([begun, isolation.size]).toEqual([['first'], 1])
    first.resolve()
    await jest.advanceTimersByTimeAsync(59)
    expect(begun).toEqual(['first'])
    await jest.advanceTimersByTimeAsync(1)
    expect([begun, isolation.size]).toEqual([['first', 'second'], 0])
    expect(isolation.mayConsume('one')).toBe(false)
    await jest.advanceTimersByTimeAsync(60)
    expect(isolation.mayConsume('one')).toBe(true)
  })

  it('do not wait for longer than five seconds for one that waits for a store', async () => {
    const isolation = createIsolation()
    isolation.hold(orderedMessage('first', 'one', 1))
    isolation.hold(orderedMessage('second', 'one'))
    const begun: string[] = []
    void isolation.settleAll(({ routingKey }) => {
      begun.push(routingKey)
      return new Promise(() => undefined)
    }, new AbortController().signal)
    await jest.advanceTimersByTimeAsync(5_059)
    expect(begun).toEqual(['first'])
    await jest.advanceTimersByTimeAsync(1)
    expect(begun).toEqual(['first', 'second'])
  })

  it('are left once time is up, and their queues are not free', async () => {
    const isolation = createIsolation()
    const over = new AbortController()
    isolation.hold(orderedMessage('first', 'one', 1))
    isolation.hold(orderedMessage('second', 'one'))
    const settling = isolation.settleAll(async () => over.abort(), over.signal)
    await jest.advanceTimersByTimeAsync(0)
    await settling
    expect(isolation.rest().map(({ routingKey }) => routingKey)).toEqual(['second'])
    expect(isolation.mayConsume('one')).toBe(false)
  })
})
