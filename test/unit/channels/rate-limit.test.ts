import { describe, expect, it } from '@jest/globals'
import { slotsTogether, waitForRate } from '../../../lib/channels/rate-limit.ts'

const key = { tenant: 'acme', channel: 'webhook' } as const

function portsWithSlotIn(wait: number | undefined) {
  const putBack: number[] = []
  const ports = {
    takeSlot: async () => wait,
    putBack: async (seconds: number) => void putBack.push(seconds),
  }
  return { ports, putBack }
}

describe('a delivery', () => {
  it.each([0, 20])('whose slot comes in %i ms is made then', async (wait) => {
    const { ports, putBack } = portsWithSlotIn(wait)
    expect(await waitForRate(key, ports)).toBe('now')
    expect(putBack).toEqual([])
  })

  it('that is over the limit goes back to its queue, and has used up no try', async () => {
    const { ports, putBack } = portsWithSlotIn(undefined)
    expect(await waitForRate(key, ports)).toBe('put-back')
    expect(putBack).toHaveLength(1)
    expect(putBack[0]).toBeGreaterThanOrEqual(10)
    expect(putBack[0]).toBeLessThanOrEqual(60)
  })
})

describe('the deliveries of a batch', () => {
  it('take the slots of a tenant and channel together, each its own', async () => {
    const asked: [string, string, number][] = []
    const takeSlot = slotsTogether({
      async reserve({ tenant, channel }, count) {
        asked.push([tenant, channel, count])
        return [0, 50, 100].slice(0, count)
      },
    })
    const other = { tenant: 'other', channel: 'webhook' } as const
    expect(await Promise.all([key, key, other, key, key].map((one) => takeSlot(one)))).toEqual([
      0,
      50,
      0,
      100,
      undefined,
    ])
    expect(asked).toEqual([
      ['acme', 'webhook', 4],
      ['other', 'webhook', 1],
    ])
    expect(await takeSlot(key)).toBe(0)
    expect(asked).toHaveLength(3)
  })

  it('fail together if the table does', async () => {
    const takeSlot = slotsTogether({ reserve: () => Promise.reject(new Error('throttled')) })
    const both = await Promise.allSettled([takeSlot(key), takeSlot(key)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(takeSlot(key)).rejects.toThrow('throttled')
  })
})
