import ipaddr from 'ipaddr.js'
import { late } from '../late.ts'

/** IPv6 addresses that IANA has allocated for the public internet (RFC 4291, section 2.4). */
const allocated = late(() => ipaddr.IPv6.parseCIDR('2000::/3'))

/**
 * Parts of it that are not public: protocol assignments, among them Teredo, ORCHID and benchmarks (RFC
 * 2928); 6to4 (RFC 3056); documentation (RFC 3849, RFC 9637).
 */
const excepted = late(() =>
  ['2001::/23', '2002::/16', '2001:db8::/32', '3fff::/20'].map((range) =>
    ipaddr.IPv6.parseCIDR(range),
  ),
)

/** The deprecated IPv4-compatible form (RFC 4291, section 2.5.5.1), which ipaddr.js reads as the mapped one. */
const compatible = /^::\d+\./

/**
 * Whether an IP address belongs to the public internet. Private, loopback, link-local (where clouds
 * serve a machine's credentials), carrier-grade NAT and reserved addresses do not (IANA's special-purpose
 * address registries), nor do forms that embed an IPv4 address, except the mapped form of a public one.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || compatible.test(text)) return false
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast') return false
  if (!(address instanceof ipaddr.IPv6)) return true
  return address.match(allocated) && !excepted.some((range) => address.match(range))
}

/** Whether the host is a forbidden IP address: DNS, and with it `guardedLookup`, never sees those. */
export function isForbiddenHost(url: URL, isAllowed = isPublicAddress): boolean {
  return isAddressHost(url) && !isAllowed(hostOf(url))
}

/** Whether the host is an IP address. */
export function isAddressHost(url: URL): boolean {
  return ipaddr.isValid(hostOf(url))
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
