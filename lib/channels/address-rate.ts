import type { RateKey, TakeSlot } from './rate-limit.ts'

export interface AddressSlots {
  /** Messages a second to an address. */
  readonly rateTo: (address: string) => number
  /** The slots of keys with this many messages a second. */
  readonly slotsOf: (perSecond: number) => TakeSlot
  readonly tenant: TakeSlot
}

/** A slot of the address and one of the tenant, the later of both; none of the tenant if the address has none. */
export function takeAddressSlot({ rateTo, slotsOf, tenant: ofTenant }: AddressSlots) {
  const byRate = new Map<number, TakeSlot>()
  return async ({
    tenant,
    channel,
    address,
  }: RateKey & { readonly address: string }): Promise<number | undefined> => {
    const perSecond = rateTo(address)
    const take = byRate.get(perSecond) ?? slotsOf(perSecond)
    byRate.set(perSecond, take)
    const first = await take({ tenant, channel, chat: address })
    if (first === undefined) return undefined
    const second = await ofTenant({ tenant, channel })
    return second === undefined ? undefined : Math.max(first, second)
  }
}
