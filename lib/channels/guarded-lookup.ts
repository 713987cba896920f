import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { EcosError } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'

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
