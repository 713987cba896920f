import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { endpointKey, endpointOf, signingKeys } from '../../../lib/channels/endpoint-key.ts'

const secret = `whsec_${Buffer.alloc(24, 'x').toString('base64')}`
const hook = 'https://hooks.acme.example/a'
const now = new Date('2026-11-28T12:00:00Z')

/** HKDF by its definition (RFC 5869, section 2), for one block. */
function hkdf(secret: Buffer, info: string): string {
  const pseudoRandom = createHmac('sha256', Buffer.alloc(32)).update(secret).digest()
  return createHmac('sha256', pseudoRandom).update(info).update(Buffer.of(1)).digest('base64')
}

describe('the key of an endpoint', () => {
  it('is made of the secret, as RFC 5869 says', () => {
    const info = JSON.stringify(['ecos-eventbridge webhook', 'acme', hook, 1])
    const key = hkdf(Buffer.alloc(24, 'x'), info)
    expect(endpointKey(secret, 'acme', hook, 1)).toBe(`whsec_${key}`)
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
  })

  it('is another for each secret, tenant, endpoint and generation', () => {
    const name = fc.string({ maxLength: 10 })
    const of = fc.tuple(fc.constantFrom(secret, `whsec_${'b'.repeat(32)}`), name, name, fc.nat(9))
    fc.assert(
      fc.property(of, of, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(endpointKey(...one) === endpointKey(...other)).toBe(isSame)
      }),
    )
  })

  it.each([
    ['https://hooks.acme.example/a?user=smith', hook],
    ['https://hooks.acme.example/a', hook],
    ['https://hooks.acme.example/a/', `${hook}/`],
    ['https://hooks.acme.example:8443/a', 'https://hooks.acme.example:8443/a'],
  ])('of %s is that of %s', (address, endpoint) => expect(endpointOf(address)).toBe(endpoint))
})

describe('requests to an endpoint', () => {
  const key = (generation: number) => endpointKey(secret, 'acme', hook, generation)
  const keysAt = (generation: number, since?: string) =>
    signingKeys(secret, 'acme', hook, { generation, ...(since && { since }) }, now)

  it('are signed with the new key, and for a day after its rotation with the old one', () => {
    expect(keysAt(1)).toEqual([key(1)])
    expect(keysAt(1, '2026-11-28T11:59:00.000Z')).toEqual([key(1)])
    expect(keysAt(2, '2026-11-28T11:59:00.000Z')).toEqual([key(2), key(1)])
    expect(keysAt(3, '2026-11-27T12:00:01.000Z')).toEqual([key(3), key(2)])
    expect(keysAt(3, '2026-11-27T12:00:00.000Z')).toEqual([key(3)])
  })

  it('are signed for both secrets while the secret is rotated', () => {
    const other = `whsec_${'b'.repeat(32)}`
    expect(signingKeys(`${other} ${secret}`, 'acme', hook, { generation: 1 }, now)).toEqual([
      endpointKey(other, 'acme', hook, 1),
      key(1),
    ])
  })
})
