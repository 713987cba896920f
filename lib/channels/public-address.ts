import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { EcosError } from '../errors.ts'

/**
 * Whether an IP address belongs to the public internet. Private, loopback, link-local (where clouds
 * serve a machine's credentials), carrier-grade NAT and reserved addresses do not, nor do forms that
 * embed one of them, such as IPv4 within IPv6.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

/** Whether the host is a forbidden IP address: DNS, and with it `guardedLookup`, never sees those. */
export function isForbiddenHost({ hostname }: URL, isAllowed = isPublicAddress): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) !== 0 && !isAllowed(host)
}

/**
 * Resolves a name for a connection, which then goes to exactly the addresses that were checked: a name
 * that resolves differently a moment later (DNS rebinding) gains nothing. One forbidden address among
 * several forbids the name.
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
