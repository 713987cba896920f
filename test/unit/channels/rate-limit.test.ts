import { describe, expect, it } from '@jest/globals'
import { waitForRate } from '../../../lib/channels/rate-limit.ts'

const key = { tenant: 'acme', channel: 'webhook' } as const

function portsWithSlotIn(wait: number | undefined) {
  const putBack: number[] = []
  const ports = {
    limiter: { reserve: async () => wait },
    putBack: async (seconds: number) => void putBack.push(seconds),
  }
  return { ports, putBack }
}

describe('a delivery', () => {
  it.each([0, 20])('whose slot comes in %i ms is made then', async (wait) => {
    const { ports, putBack } = portsWithSlotIn(wait)
    expect(await waitForRate(key, true, ports)).toBe('now')
    expect(putBack).toEqual([])
  })

  it('that is over the limit goes back to its queue, and has used up no try', async () => {
    const { ports, putBack } = portsWithSlotIn(undefined)
    expect(await waitForRate(key, true, ports)).toBe('put-back')
    expect(putBack).toHaveLength(1)
    expect(putBack[0]).toBeGreaterThanOrEqual(10)
    expect(putBack[0]).toBeLessThanOrEqual(60)
  })

  it('that was tried before stays the same message, and has used up no try either', async () => {
    const { ports, putBack } = portsWithSlotIn(undefined)
    await expect(waitForRate(key, false, ports)).rejects.toMatchObject({
      code: 'over-rate-limit',
      retryable: true,
    })
    expect(putBack).toEqual([])
  })
})
