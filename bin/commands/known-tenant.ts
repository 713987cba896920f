import { openTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import type { EcosError } from '../../lib/errors.ts'
import { tenantsOfCell, tenantsOnTheirWay } from '../../lib/tenants/cell-tenants.ts'
import { tenantsTable } from '../../lib/tenants/names.ts'
import { type CellTenants, parsePublished } from '../../lib/tenants/published.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault } from '../say.ts'
import { didYouMean } from './suggestion.ts'
import { readTenants } from './tenants-file.ts'

/**
 * The cell's tenants: those of TENANTS_FILE or, if it is not set, the applied ones. Undefined if neither can be
 * read.
 *
 * @throws EcosError `tenants-unreadable`, `invalid-tenants` of the file
 */
export async function knownTenants(cell: string): Promise<Tenant[] | undefined> {
  const known = await tenantsNow(cell)
  return known && [...known.tenants]
}

async function tenantsNow(cell: string): Promise<CellTenants | undefined> {
  const file = process.env['TENANTS_FILE']
  if (file) {
    const all = readTenants(file)
    return { tenants: tenantsOfCell(all, cell), leaving: [], moved: tenantsOnTheirWay(all, cell) }
  }
  try {
    const applied = await openTenantsTable(tenantsTable(cell)).read()
    const text = applied === 'unchanged' ? undefined : applied?.text
    return text === undefined ? undefined : parsePublished(text).of
  } catch {
    return undefined
  }
}

/**
 * Refuses a tenant that does not exist; call it where nothing was found. A tenant that has gone counts as known, for
 * it may have dead letters, and so does every tenant where the cell's tenants can't be read.
 *
 * @throws EcosError `no-such-tenant`
 */
export async function requireTenant(cell: string, tenant: string | undefined): Promise<void> {
  if (tenant === undefined) return
  const [unknown] = await unknownTenants(cell, [tenant])
  if (unknown) throw unknown.problem
}

/** The tenants that the cell does not have, each with the error that says so. */
export async function unknownTenants(
  cell: string,
  tenants: readonly string[],
): Promise<{ readonly tenant: string; readonly problem: EcosError }[]> {
  const now = await tenantsNow(cell)
  if (now === undefined) return []
  // A tenant that has gone may have dead letters.
  const known = [...now.tenants, ...now.leaving, ...(now.moved ?? [])].map(({ id }) => id)
  return tenants
    .filter((tenant) => !known.includes(tenant))
    .map((tenant) => ({
      tenant,
      problem: fault(
        'no-such-tenant',
        'The cell {cell} has no tenant {tenant}{meant}: correct the tenant or --cell, or set TENANTS_FILE',
        { cell, tenant, meant: didYouMean(tenant, known) },
      ),
    }))
}
