import { accessSync, constants, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { tenantName } from '../../lib/tenant-name.ts'
import { unwritable } from './edit-tenants-file.ts'
import { withFileLock } from './file-lock.ts'
import { readTenantsText } from './tenants-file.ts'

/** Characters of the tenant's part of the lock's name: file systems allow 255 bytes. */
const maxName = 100

/**
 * Completes a move, or gives it up, while no other command does either for this tenant: one would take back what the
 * other hands over. It does not wait, because a move may take many minutes.
 *
 * @throws EcosError `tenants-locked`, `tenants-unreadable`, `tenants-unwritable`
 */
export async function withMoveLock(
  file: string,
  tenant: string,
  work: () => Promise<void>,
): Promise<void> {
  readTenantsText(file)
  const path = `${realpathSync(file)}.${tenantName(tenant, maxName)}`
  try {
    accessSync(dirname(path), constants.W_OK)
  } catch (cause) {
    throw unwritable(file, cause)
  }
  await withFileLock(path, work, 0)
}
