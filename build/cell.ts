import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { planCell } from '../lib/tenants/plan.ts'
import { type CellTemplate, cellTemplate } from '../lib/tenants/template/index.ts'
import { parseSettings } from '../lib/tenants/template/settings.ts'
import { parseTenants } from '../lib/tenants/tenants-file.ts'
import { withPlainErrors } from './framework.ts'

/** The argument that the Serverless Framework passes to a variable's function. */
interface Resolver {
  resolveConfigurationProperty(path: readonly string[]): Promise<unknown>
}

/** Resolves serverless.yml's `${file(./build/cell.js):cell}`. */
export function cell(resolver: Resolver): Promise<CellTemplate> {
  return withPlainErrors(async () => {
    const values = await resolver.resolveConfigurationProperty(['custom', 'settings'])
    const settings = parseSettings(values)
    const text = await readFile(settings.tenantsFile, 'utf8')
    const tenants = parseTenants(text, basename(settings.tenantsFile))
    return cellTemplate(planCell(tenants, settings.cell), settings)
  })
}
