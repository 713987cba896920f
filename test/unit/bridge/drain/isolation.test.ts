import { describe, expect, it } from '@jest/globals'
import { createIsolation } from '../../../../lib/bridge/drain/isolation.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import { deliveryLimit } from '../../../../lib/bridge/topology.ts'

/** Drains that die of a killer, one after another, until the queue is empty. @returns the dead letters */
async function drainUntilEmpty(returns: ReadonlyMap<string, number>, run = 0): Promise<string[]> {
  const queue = new Map(returns)
  const dead: string[] = []
  while (queue.size > 0) {
    const isolation = createIsolation()
    const death = new AbortController()
    for (const [id, count] of queue) isolation.hold(message(id, count, run))
    await isolation.settleAll(async ({ routingKey: id }) => {
      if (!id.startsWith('killer')) return queue.delete(id)
      death.abort()
      return new Promise<never>(() => undefined)
    }, death.signal)
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
})
