import { EcosError } from '../../lib/errors.ts'
import { tenantsOfCell } from '../../lib/tenants/cell-tenants.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { readTenants } from './tenants-file.ts'

/** The cell's tenants by TENANTS_FILE; undefined if it is not set. */
export function knownTenants(cell: string): Tenant[] | undefined {
  const file = process.env['TENANTS_FILE']
  return file ? tenantsOfCell(readTenants(file), cell) : undefined
}

/**
 * Tells a tenant that has nothing from one that does not exist. Without TENANTS_FILE every tenant counts as
 * known.
 *
 * @throws EcosError `no-such-tenant`
 */
export async function requireTenant(cell: string, tenant: string | undefined): Promise<void> {
  const tenants = knownTenants(cell)
  if (tenant === undefined || !tenants || tenants.some(({ id }) => id === tenant)) return
  throw new EcosError(
    'no-such-tenant',
    `The cell ${cell} has no tenant ${tenant} in TENANTS_FILE: correct --tenant, --cell or the file`,
  )
}
