import { describe, expect, it } from '@jest/globals'
import type { Delivery } from '../../../lib/bridge/message.ts'
import { createSuspects } from '../../../lib/bridge/suspects.ts'

function delivery(routingKey: string, returns?: number): Delivery {
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
  }
}

describe('suspects', () => {
  it('are carried one at a time, in an order that differs, and all of them', async () => {
    const carried: string[] = []
    let under = 0
    let most = 0
    const carry = createSuspects(async ({ routingKey }: Delivery) => {
      under += 1
      most = Math.max(most, under)
      await new Promise((resolve) => setImmediate(resolve))
      carried.push(routingKey)
      under -= 1
    })
    const names = Array.from({ length: 20 }, (_, index) => `suspect ${index}`)
    await Promise.all(names.map((name) => carry(delivery(name, 3))))
    expect(most).toBe(1)
    expect([...carried].sort()).toEqual([...names].sort())
    expect(carried).not.toEqual(names)
  })

  it('keep nobody waiting who has not come back, or not often', async () => {
    const carried: string[] = []
    const carry = createSuspects(async ({ routingKey }: Delivery) => void carried.push(routingKey))
    const suspect = carry(delivery('suspect', 7))
    await Promise.all([carry(delivery('new')), carry(delivery('returned once', 1))])
    expect(carried).toEqual(['new', 'returned once'])
    await suspect
    expect(carried).toEqual(['new', 'returned once', 'suspect'])
  })
})
