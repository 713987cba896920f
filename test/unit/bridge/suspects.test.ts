import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import { acknowledging, createSuspects, isSuspect } from '../../../lib/bridge/suspects.ts'

function delivery(routingKey: string, returns?: number): IncomingMessage {
  return {
    tenant: 'acme',
    queue: 'tenant.acme.eventbridge',
    exchange: 'tenant.acme.events',
    routingKey,
    properties: { headers: returns === undefined ? {} : { 'x-delivery-count': returns } },
    redelivered: returns !== undefined,
    body: Buffer.from(''),
    acknowledge() {},
    deadLetter() {},
    requeue() {},
  }
}

describe('suspects', () => {
  it('are carried one at a time, in an order that differs, and all of them', async () => {
    const carried: string[] = []
    let under = 0
    let most = 0
    const settle = createSuspects(async ({ routingKey }: IncomingMessage) => {
      under += 1
      most = Math.max(most, under)
      await new Promise((resolve) => setImmediate(resolve))
      carried.push(routingKey)
      under -= 1
    })
    const names = Array.from({ length: 20 }, (_, index) => `suspect ${index}`)
    await Promise.all(names.map((name) => settle(delivery(name, 3))))
    expect(most).toBe(1)
    expect([...carried].sort()).toEqual([...names].sort())
    expect(carried).not.toEqual(names)
  })

  it('keep nobody waiting who has not come back, or not often', async () => {
    const carried: string[] = []
    const settle = createSuspects(
      async ({ routingKey }: IncomingMessage) => void carried.push(routingKey),
    )
    const suspect = settle(delivery('suspect', 7))
    await Promise.all([settle(delivery('new')), settle(delivery('returned once', 1))])
    expect(carried).toEqual(['new', 'returned once'])
    await suspect
    expect(carried).toEqual(['new', 'returned once', 'suspect'])
  })

  it('are overtaken by none of their ordered queue, and hold up no other queue', async () => {
    const settled: string[] = []
    const ordered = (queue: string, routingKey: string, returns?: number) => {
      return { ...delivery(routingKey, returns), queue, wire: '2.0' as const }
    }
    const settle = createSuspects(async (message: IncomingMessage) => {
      settled.push(message.routingKey)
      // The broker delivers the next as soon as there is room.
      if (message.routingKey === 'first') behind.push(settle(ordered('a', 'third')))
    })
    const behind: Promise<void>[] = []
    const suspects = [settle(ordered('a', 'first', 3)), settle(ordered('a', 'second', 3))]
    const other = settle(ordered('b', 'other'))
    expect(settled).toEqual(['other'])
    await other
    await Promise.all(suspects)
    await Promise.all(behind)
    expect(settled).toEqual(['other', 'first', 'second', 'third'])
    const fourth = settle(ordered('a', 'fourth'))
    expect(settled.at(-1)).toBe('fourth')
    await fourth
  })

  it('are not made by a header that the publisher wrote', async () => {
    const forged = { ...delivery('forged', 7), redelivered: false }
    const settled: string[] = []
    const settle = createSuspects(
      async ({ routingKey }: IncomingMessage) => void settled.push(routingKey),
    )
    const suspect = settle(delivery('suspect', 3))
    await settle(forged)
    await suspect
    expect(settled).toEqual(['forged', 'suspect'])
  })

  it('of an ordered queue are overtaken by none, also beside those of others', async () => {
    const settled: string[] = []
    const ordered = (queue: string, routingKey: string, returns?: number) => {
      return { ...delivery(routingKey, returns), queue, wire: '2.0' as const }
    }
    const settle = createSuspects(
      async ({ routingKey }: IncomingMessage) => void settled.push(routingKey),
      (messages) => [...messages],
    )
    const suspects = [settle(ordered('a', 'a', 3)), settle(ordered('b', 'b', 3))]
    const behind = settle(ordered('a', 'behind'))
    expect(settled).toEqual([])
    await Promise.all([...suspects, behind])
    expect(settled).toEqual(['a', 'b', 'behind'])
  })

  it('are those that came back three times', () => {
    expect([undefined, 1, 2, 3, 4].map((returns) => isSuspect(delivery('a', returns)))).toEqual([
      ...[false, false, false],
      ...[true, true],
    ])
  })

  it('end as they are settled, in the order that is given', async () => {
    const settled: string[] = []
    const settle = createSuspects(
      async ({ routingKey }: IncomingMessage) => {
        settled.push(routingKey)
        if (routingKey === 'b') throw new Error('a fault of the program')
        return `${routingKey} is settled`
      },
      (messages) => messages.toReversed(),
    )
    const all = ['a', 'b', 'c'].map((name) => settle(delivery(name, 3)))
    expect(await Promise.allSettled(all)).toEqual([
      { status: 'fulfilled', value: 'a is settled' },
      { status: 'rejected', reason: new Error('a fault of the program') },
      { status: 'fulfilled', value: 'c is settled' },
    ])
    expect(settled).toEqual(['c', 'b', 'a'])
    expect(await settle(delivery('later', 3))).toBe('later is settled')
    // By then, the round of the last one is over.
    await sleep(2 * acknowledging)
    expect(await settle(delivery('after a pause', 3))).toBe('after a pause is settled')
  })
})
