import { EcosError } from '../lib/errors.ts'
import type { AppliedTenants } from '../lib/operations/apply-tenants.ts'
import { tenantsOfCell } from '../lib/tenants/cell-tenants.ts'
import type { Tenant } from '../lib/tenants/tenants-file.ts'

/**
 * Refuses to deploy a cell that neither has tenants nor ever had some: its name is wrong. A cell whose last tenant has
 * gone may be deployed, since it is still drained.
 *
 * @throws EcosError `cell-empty`
 */
export async function refuseUnknownCell(
  tenants: readonly Tenant[],
  cell: string,
  table: Pick<AppliedTenants, 'read'>,
): Promise<void> {
  if (tenantsOfCell(tenants, cell).length > 0 || (await hasApplied(table))) return
  throw new EcosError(
    'cell-empty',
    `No tenant in tenants.yml has the cell ${cell}: add a tenant to it, or deploy another cell`,
  )
}

async function hasApplied(table: Pick<AppliedTenants, 'read'>): Promise<boolean> {
  try {
    return (await table.read()) !== undefined
  } catch (error) {
    if (error instanceof EcosError && error.code === 'not-deployed') return false
    throw error
  }
}
