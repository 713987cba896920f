import { describe, expect, it } from '@jest/globals'
import { takeAddressSlot } from '../../../lib/channels/address-rate.ts'
import type { RateKey } from '../../../lib/channels/rate-limit.ts'

describe('a message to an address with a limit of its own', () => {
  async function take(ofAddress: number | undefined, ofTenant: number | undefined) {
    const asked: [string, RateKey][] = []
    const slot = (name: string, wait: number | undefined) => async (key: RateKey) => {
      asked.push([name, key])
      return wait
    }
    const slots = takeAddressSlot({
      rateTo: (address) => (address === '-42' ? 0.5 : 1),
      slotsOf: (perSecond) => slot(`${perSecond} a second`, ofAddress),
      tenant: slot('tenant', ofTenant),
    })
    const wait = await slots({ tenant: 'acme', channel: 'telegram', address: '-42' })
    return { wait, asked }
  }
  const tenant = { tenant: 'acme', channel: 'telegram' }

  it('has a slot of the address and one of the tenant, and waits for the later', async () => {
    expect(await take(3000, 40)).toEqual({
      wait: 3000,
      asked: [
        ['0.5 a second', { ...tenant, chat: '-42' }],
        ['tenant', tenant],
      ],
    })
    expect((await take(0, 500)).wait).toBe(500)
    expect((await take(0, undefined)).wait).toBeUndefined()
  })

  it('to which no more may go now takes no slot of the tenant', async () => {
    const { wait, asked } = await take(undefined, 0)
    expect(wait).toBeUndefined()
    expect(asked.map(([name]) => name)).toEqual(['0.5 a second'])
  })
})
