import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { checkTemplates, refuseFaults } from '../lib/notifications/templates/check.ts'
import { filesFor, readBuiltIn, readOperators } from '../lib/notifications/templates/files.ts'
import { templatesFile } from '../lib/tenants/template/event-type.ts'
import type { Settings } from '../lib/tenants/template/settings.ts'
import { parseTenants } from '../lib/tenants/tenants-file.ts'

type TemplateSettings = Pick<Settings, 'cell' | 'templatesDir' | 'tenantsFile'>

/**
 * Writes the templates of the cell's tenants to dist/templates.json, for the handlers' packages.
 *
 * @throws EcosError `invalid-templates` where any is broken, before anything is deployed
 */
export async function bundleTemplates(settings: TemplateSettings): Promise<void> {
  const { cell, templatesDir, tenantsFile } = settings
  const tenants = parseTenants(await readFile(tenantsFile, 'utf8'), basename(tenantsFile))
  const files = { ...readOperators(templatesDir), ...readBuiltIn() }
  const all = tenants.map(({ id }) => id)
  refuseFaults(checkTemplates(files, all), templatesDir)

  const members = tenants.filter((tenant) => tenant.cell === cell).map(({ id }) => id)
  await mkdir(dirname(templatesFile), { recursive: true })
  await writeFile(templatesFile, JSON.stringify(filesFor(members, files)))
}
