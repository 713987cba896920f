import { readFileSync } from 'node:fs'
import { messageOf } from '../../lib/errors.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault } from '../say.ts'

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
    throw fault(
      'tenants-unreadable',
      "TENANTS_FILE {file} can't be read: {why}",
      { file, why: messageOf(cause) },
      cause,
    )
  }
}
