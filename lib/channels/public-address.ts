import ipaddr from 'ipaddr.js'

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
  return ipaddr.isValid(host) && !isAllowed(host)
}
