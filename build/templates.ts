import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkTemplates, refuseFaults } from '../lib/notifications/templates/check.ts'
import { filesFor, readBuiltIn, readOperators } from '../lib/notifications/templates/files.ts'
import { tenantsOfCell } from '../lib/tenants/cell-tenants.ts'
import { templatesFile } from '../lib/tenants/template/event-type.ts'
import type { Settings } from '../lib/tenants/template/settings.ts'
import type { Tenant } from '../lib/tenants/tenants-file.ts'
import { readTenantsOf } from './tenants.ts'

type TemplateSettings = Pick<Settings, 'cell' | 'templatesDir' | 'tenantsFile'>

/**
 * Writes the templates of the cell's tenants to dist/templates.json, which the handlers' packages hold.
 *
 * @throws EcosError `invalid-templates` before anything is deployed
 */
export async function bundleTemplates(settings: TemplateSettings): Promise<void> {
  const { cell, templatesDir } = settings
  const { tenants } = await readTenantsOf(settings)
  const files = { ...readOperators(templatesDir), ...readBuiltIn() }
  refuseFaults(checkTemplates(files, ids(tenants)), templatesDir)

  await mkdir(dirname(templatesFile), { recursive: true })
  await writeFile(templatesFile, JSON.stringify(filesFor(ids(tenantsOfCell(tenants, cell)), files)))
}

function ids(tenants: readonly Tenant[]): string[] {
  return tenants.map(({ id }) => id)
}
