import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { EcosError } from '../errors.ts'

/**
 * Whether an IP address is one of the public internet: none that is private, of this machine, of this
 * link (where clouds answer for a machine's own credentials), of a carrier's own network, reserved,
 * or a way to one of these in another form, such as IPv4 within IPv6.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

/** The host of a URL, where it is no name but an address, is never looked up. */
export function isForbiddenHost({ hostname }: URL, isAllowed = isPublicAddress): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) !== 0 && !isAllowed(host)
}

/**
 * Looks a name up for a connection, which then goes to the very addresses that were looked at: a name
 * that means another machine a moment later (DNS rebinding) gains nothing. One address that is not
 * allowed among several forbids the name.
 */
export function guardedLookup(
  isAllowed: (address: string) => boolean = isPublicAddress,
  lookup: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const [first] = addresses
      if (!first || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new EcosError('address-not-public', 'The host has no public address'), '')
      }
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
