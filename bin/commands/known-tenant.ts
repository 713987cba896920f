import { createCells } from '../../lib/aws/cell/cells.ts'
import { EcosError } from '../../lib/errors.ts'
import { readTenants } from './tenants-file.ts'

/**
 * Tells a tenant that has nothing from one that does not exist: it is known if the file TENANTS_FILE
 * or a rule of the cell's bus names it. Without access to the rules every tenant counts as known.
 *
 * @throws EcosError `no-such-tenant`
 */
export async function requireTenant(cell: string, tenant: string | undefined): Promise<void> {
  if (tenant === undefined) return
  const file = process.env['TENANTS_FILE']
  if (file && readTenants(file).some(({ id }) => id === tenant)) return
  const enabled = await createCells()
    .enabledTypes(cell)
    .catch(() => undefined)
  if (enabled === undefined || enabled.some((type) => type.tenant === tenant)) return
  throw new EcosError(
    'no-such-tenant',
    `The cell ${cell} has no tenant ${tenant}: correct --tenant or --cell, or set TENANTS_FILE`,
  )
}
