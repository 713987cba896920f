import { editTenantsFile } from '../../bin/commands/edit-tenants-file.ts'
import { readTenantsText } from '../../bin/commands/tenants-file.ts'
import { openTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { planTenants } from '../../lib/operations/apply-tenants.ts'
import { addTenant } from '../../lib/tenants/edit-file.ts'
import { tenantsTable } from '../../lib/tenants/names.ts'
import { parseTenants, readTenantsFile } from '../../lib/tenants/tenants-file.ts'

/** The tenants of the trial. */
export const trialTenants = Array.from({ length: 40 }, (_, at) =>
  at === 0 ? 'acme' : `tenant-${at}`,
)

/** Adds the tenants that the running stack does not have, as `tenants add` and `tenants apply` do. */
export async function addTrialTenants(file: string, cell: string): Promise<void> {
  await editTenantsFile(file, (before) => {
    const known = parseTenants(before, file).map(({ id }) => id)
    const fields = { locale: 'en', results: true, events: eventTypes }
    const text = trialTenants
      .filter((id) => !known.includes(id))
      .reduce((written, id) => addTenant({ text: written, file }, id, fields), before)
    return { text }
  })
  const content = readTenantsFile(readTenantsText(file), file)
  const plan = await planTenants(openTenantsTable(tenantsTable(cell)), content, cell)
  await plan.apply(new Date())
}
