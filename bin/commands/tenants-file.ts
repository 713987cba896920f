import { readFileSync } from 'node:fs'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'

/**
 * Reads tenants.yml.
 *
 * @throws EcosError `tenants-unreadable`, `invalid-tenants`
 */
export function readTenants(file: string): Tenant[] {
  return parseTenants(readTenantsText(file), file)
}

/** @throws EcosError `tenants-unreadable` */
export function readTenantsText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new EcosError(
      'tenants-unreadable',
      `TENANTS_FILE ${file} can't be read: ${messageOf(cause)}`,
      { cause },
    )
  }
}
