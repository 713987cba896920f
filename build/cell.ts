import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { planCell } from '../lib/tenants/plan.ts'
import { type CellTemplate, cellTemplate } from '../lib/tenants/template/index.ts'
import { parseSettings } from '../lib/tenants/template/settings.ts'
import { parseTenants } from '../lib/tenants/tenants-file.ts'

/** What the Serverless Framework hands to a variable's resolver. */
interface Resolver {
  resolveConfigurationProperty(path: readonly string[]): Promise<unknown>
}

/** serverless.yml's `${file(./build/cell.js):…}`: reads tenants.yml and asks the one pure function. */
async function resolve(resolver: Resolver): Promise<CellTemplate> {
  const settings = parseSettings(
    await resolver.resolveConfigurationProperty(['custom', 'settings']),
  )
  const text = await readFile(settings.tenantsFile, 'utf8')
  const tenants = parseTenants(text, basename(settings.tenantsFile))
  return cellTemplate(planCell(tenants, settings.cell), settings)
}

export async function functions(resolver: Resolver) {
  return (await resolve(resolver)).functions
}

export async function resources(resolver: Resolver) {
  return { Resources: (await resolve(resolver)).resources }
}

export async function outputs(resolver: Resolver) {
  return { Outputs: (await resolve(resolver)).outputs }
}
