import { Liquid } from 'liquidjs'
import { boundedContext } from '../templates/steps.ts'

/** Without files. `parseLimit` counts characters, `memoryLimit` roughly bytes. */
const liquid = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  parseLimit: 2048,
  memoryLimit: 100_000,
})

/** Far more steps than a line with a name takes. */
const maxSteps = 10_000

/** The address of a tenant's rule for one person. */
export function addressFor(address: string, username: string): string {
  return String(
    liquid.renderSync(liquid.parse(address), boundedContext(liquid, { username }, maxSteps)),
  )
}

/** Whether a rule's address can be rendered from `username` alone. */
export function isRuleAddress(address: string): boolean {
  try {
    return addressFor(address, 'smith').trim() !== ''
  } catch {
    return false
  }
}
