import { readFileSync } from 'node:fs'
import { messageOf } from '../../lib/errors.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault } from '../say.ts'
import { didYouMean } from './suggestion.ts'

/**
 * Reads tenants.yml.
 *
 * @throws EcosError `tenants-unreadable`, `invalid-tenants`
 */
export function readTenants(file: string): Tenant[] {
  return parseTenants(readTenantsText(file), file)
}

/** @throws EcosError `unknown-tenant` */
export function findTenant(tenants: readonly Tenant[], id: string, file: string): Tenant {
  const tenant = tenants.find((one) => one.id === id)
  if (tenant !== undefined) return tenant
  const ids = tenants.map((one) => one.id)
  const problem = '{file} has no tenant {tenant}{meant}: correct it, or see "tenants list"'
  throw fault('unknown-tenant', problem, { file, tenant: id, meant: didYouMean(id, ids) })
}

/** @throws EcosError `tenants-unreadable` */
export function readTenantsText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw fault(
      'tenants-unreadable',
      "TENANTS_FILE {file} can't be read: {why}",
      { file, why: messageOf(cause) },
      cause,
    )
  }
}
