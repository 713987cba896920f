import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { filesFor, readBuiltIn, readOperators } from '../lib/notifications/templates/files.ts'
import { templatesFile } from '../lib/tenants/template/event-type.ts'
import type { Settings } from '../lib/tenants/template/settings.ts'
import { parseTenants } from '../lib/tenants/tenants-file.ts'

/** Writes the templates of the cell's tenants to dist/templates.json, for the handlers' packages. */
export async function bundleTemplates({
  cell,
  templatesDir,
  tenantsFile,
}: Pick<Settings, 'cell' | 'templatesDir' | 'tenantsFile'>): Promise<void> {
  const tenants = parseTenants(await readFile(tenantsFile, 'utf8'), basename(tenantsFile))
  const files = { ...readBuiltIn(), ...readOperators(templatesDir) }
  const members = tenants.filter((tenant) => tenant.cell === cell).map(({ id }) => id)
  await mkdir(dirname(templatesFile), { recursive: true })
  await writeFile(templatesFile, JSON.stringify(filesFor(members, files)))
}
