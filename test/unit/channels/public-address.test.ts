import type { lookup as systemLookup } from 'node:dns'
import { describe, expect, it } from '@jest/globals'
import { guardedLookup } from '../../../lib/channels/guarded-lookup.ts'
import { isPublicAddress } from '../../../lib/channels/public-address.ts'

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    ['this host', '0.0.0.0'],
    ['this host', '::'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['loopback in IPv6', '::ffff:127.0.0.1'],
    ['loopback in IPv6, in hexadecimal', '::ffff:7f00:1'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['private', 'fd00::1'],
    ["a cloud's metadata", '169.254.169.254'],
    ["a cloud's metadata", 'fd00:ec2::254'],
    ["a function's own", '169.254.100.5'],
    ['link-local', 'fe80::1'],
    ["a carrier's", '100.64.0.1'],
    ['IPv4 by NAT64', '64:ff9b::a00:1'],
    ['IPv4 by 6to4', '2002:a00:1::'],
    ['IPv4 by Teredo', '2001:0:a00:1::'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['for benchmarks', '198.18.0.1'],
    ['for documents', '2001:db8::1'],
    ['loopback, IPv4-compatible', '::127.0.0.1'],
    ['a public one, IPv4-compatible', '::8.8.8.8'],
    ['IPv4-translated', '::ffff:0:8.8.8.8'],
    ['by local NAT64', '64:ff9b:1::808:808'],
    ['of protocol assignments', '2001:1::1'],
    ['of ORCHID', '2001:20::1'],
    ['for documents', '3fff::1'],
    ['for documents', '192.0.2.1'],
    ['for documents', '198.51.100.7'],
    ['for documents', '203.0.113.7'],
    ['of protocol assignments', '192.0.0.8'],
    ['of 6to4 relays', '192.88.99.1'],
    ['of AS112', '192.31.196.1'],
    ['of AMT', '192.52.193.1'],
    ['of AS112', '192.175.48.1'],
    ['reserved', '240.0.0.1'],
    ['of segment routing', '5f00::1'],
    ['to be discarded', '100::1'],
    ['site-local', 'fec0::1'],
    ['allocated to nobody', '4000::1'],
    ['allocated to nobody', '8000::1'],
    ['no address', 'localhost'],
  ])('is not %s, %s', (_, address) => expect(isPublicAddress(address)).toBe(false))
})

describe('a look-up', () => {
  const answering = (...addresses: string[]) =>
    ((_name: string, _options: object, done: (...result: unknown[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )) as unknown as typeof systemLookup
  const result = (options: object, ...addresses: string[]) =>
    new Promise((resolve) =>
      guardedLookup(isPublicAddress, answering(...addresses))('x.example', options, (...answer) =>
        resolve(answer),
      ),
    )

  it('gives what it looked at, one or all as it is asked', async () => {
    expect(await result({}, '8.8.8.8', '1.1.1.1')).toEqual([null, '8.8.8.8', 4])
    const [, all] = (await result({ all: true }, '8.8.8.8', '1.1.1.1')) as [null, object[]]
    expect(all).toHaveLength(2)
  })

  it('refuses a name of which one address is not public, and one without any', async () => {
    const refusal = [expect.objectContaining({ code: 'address-not-public' }), '']
    expect(await result({ all: true }, '8.8.8.8', '10.0.0.1')).toEqual(refusal)
    expect(await result({})).toEqual(refusal)
  })
})
