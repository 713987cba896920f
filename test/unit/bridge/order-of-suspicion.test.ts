import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inOrderOfSuspicion } from '../../../lib/bridge/order-of-suspicion.ts'
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

  it('of an ordered queue stay together, in their order', () => {
    const ordered = ['1', '2', '3'].map((routingKey) => ({
      ...{ queue: 'ordered', wire: '2.0' as const, routingKey, redelivered: true },
      ...{ body: Buffer.of(), properties: {} },
    }))
    const other = { ...ordered[0], queue: 'other', wire: '1.0' as const, routingKey: '4' }
    const all = [ordered[0], other, ordered[1], ordered[2]] as typeof ordered
    const keys = inOrderOfSuspicion(all).map(({ routingKey }) => routingKey)
    expect(keys.filter((key) => key !== '4')).toEqual(['1', '2', '3'])
    expect(['0', '3']).toContain(String(keys.indexOf('4')))
  })
})
