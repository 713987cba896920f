import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { EcosError, messageOf } from '../lib/errors.ts'
import { fileText } from '../lib/file-text.ts'
import type { Settings } from '../lib/tenants/template/settings.ts'
import { readTenantsFile } from '../lib/tenants/tenants-file.ts'

/**
 * Reads the file that the parameter `tenantsFile` names.
 *
 * @throws EcosError `tenants-unreadable`, `invalid-tenants`
 */
export async function readTenantsOf({ tenantsFile }: Pick<Settings, 'tenantsFile'>) {
  const reading = readFile(tenantsFile).then(fileText)
  const text = await reading.catch((cause: unknown) => {
    const message = `tenantsFile ${tenantsFile} can't be read: ${messageOf(cause)}`
    throw new EcosError('tenants-unreadable', message, { cause })
  })
  return readTenantsFile(text, basename(tenantsFile))
}
