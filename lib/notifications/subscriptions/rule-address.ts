import { Liquid } from 'liquidjs'
import { boundedContext } from '../templates/steps.ts'

/** Knows one name and no file. Bounds: characters, and about bytes. */
const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  parseLimit: 2048,
  memoryLimit: 100_000,
})

/** Steps: far more than a line with a name in it takes. */
const most = 10_000

/** @returns the address that a tenant's rule has for that person */
export function addressFor(address: string, username: string): string {
  return String(
    liquid.renderSync(liquid.parse(address), boundedContext(liquid, { username }, most)),
  )
}

/** Whether an address of a rule can be read, and knows nothing but `username`. */
export function isRuleAddress(address: string): boolean {
  try {
    return addressFor(address, 'smith').trim() !== ''
  } catch {
    return false
  }
}
