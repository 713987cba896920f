import { Liquid } from 'liquidjs'

/** Knows one name and no file. Bounds: characters, milliseconds, and about bytes. */
const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  parseLimit: 2048,
  // Far more than it takes, since a busy machine must not make a rule look broken.
  renderLimit: 5000,
  memoryLimit: 100_000,
})

/** @returns the address that a tenant's rule has for that person */
export function addressFor(address: string, username: string): string {
  return liquid.parseAndRenderSync(address, { username })
}

/** Whether an address of a rule can be read, and knows nothing but `username`. */
export function isRuleAddress(address: string): boolean {
  try {
    return addressFor(address, 'smith').trim() !== ''
  } catch {
    return false
  }
}
