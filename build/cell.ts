import { planCell } from '../lib/tenants/plan.ts'
import { type CellTemplate, cellTemplate } from '../lib/tenants/template/index.ts'
import { parseSettings } from '../lib/tenants/template/settings.ts'
import { withPlainErrors } from './framework.ts'
import { readTenantsOf } from './tenants.ts'

/** The argument that the Serverless Framework passes to a variable's function. */
interface Resolver {
  resolveConfigurationProperty(path: readonly string[]): Promise<unknown>
}

/** Resolves serverless.yml's `${file(./build/cell.js):cell}`. */
export function cell(resolver: Resolver): Promise<CellTemplate> {
  return withPlainErrors(async () => {
    const values = await resolver.resolveConfigurationProperty(['custom', 'settings'])
    const settings = parseSettings(values)
    const { tenants } = await readTenantsOf(settings)
    return cellTemplate(planCell(tenants, settings.cell, settings), settings)
  })
}
