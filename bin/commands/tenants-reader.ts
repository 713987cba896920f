import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { readTenantsText } from './tenants-file.ts'

/**
 * Reads tenants.yml with each call, for a process that outlives changes of the file. Parses it only when its text
 * has changed: thousands of tenants take a while.
 *
 * @throws EcosError `tenants-unreadable`, `invalid-tenants`
 */
export function tenantsReader(file: string): () => readonly Tenant[] {
  let last: { readonly text: string; readonly tenants: readonly Tenant[] } | undefined
  return () => {
    const text = readTenantsText(file)
    if (last?.text !== text) last = { text, tenants: parseTenants(text, file) }
    return last.tenants
  }
}
