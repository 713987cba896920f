import { readFileSync } from 'node:fs'
import { fileText } from '../../lib/file-text.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault } from '../say.ts'
import { didYouMean } from './suggestion.ts'
import { whyOf } from './text-file.ts'

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
  return readTenantsBytes(file).text
}

/** With the bytes, which tell how another text is to be written. */
export function readTenantsBytes(file: string): { readonly text: string; readonly bytes: Buffer } {
  try {
    const bytes = readFileSync(file)
    return { text: fileText(bytes), bytes }
  } catch (cause) {
    const problem = "TENANTS_FILE {file} can't be read: {why}"
    throw fault('tenants-unreadable', problem, { file, why: whyOf(cause) }, cause)
  }
}
