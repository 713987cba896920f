import { describe, expect, it } from '@jest/globals'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import { createSuspects } from '../../../lib/bridge/suspects.ts'

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
})
