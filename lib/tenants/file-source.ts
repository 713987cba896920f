import { createHash } from 'node:crypto'
import { tenantsOfCell } from './cell-tenants.ts'
import type { ReadTenants, VersionedTenants } from './current-tenants.ts'
import { parseTenants, type Tenant } from './tenants-file.ts'

export interface TenantsFile {
  /** The file's name, for errors. */
  readonly file: string
  /** @throws EcosError `tenants-unreadable` */
  readText(): string
  /** All tenants of the file without it. */
  readonly cell?: string | undefined
}

/**
 * @throws EcosError `tenants-unreadable`, `invalid-tenants`
 */
export function tenantsInFile({ file, readText, cell }: TenantsFile): VersionedTenants {
  const text = readText()
  const all = parseTenants(text, file)
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return { version, tenants: cell === undefined ? all : tenantsOfCell(all, cell), leaving: [] }
}

/**
 * Follows a tenants.yml: a tenant that is taken out of it is leaving, and one that goes to another cell has moved, for
 * as long as the process runs.
 */
export function fileSource(file: TenantsFile): ReadTenants {
  const served = new Map<string, Tenant>()
  return async (known) => {
    const text = file.readText()
    const now = tenantsInFile({ ...file, readText: () => text })
    if (now.version === known) return 'unchanged'
    const named = new Map(parseTenants(text, file.file).map((tenant) => [tenant.id, tenant]))
    for (const tenant of named.values()) {
      if (file.cell === undefined || tenant.cell === file.cell) served.set(tenant.id, tenant)
    }
    const here = new Set(now.tenants.map(({ id }) => id))
    const gone = [...served.values()].filter(({ id }) => !here.has(id))
    return {
      ...now,
      leaving: gone.filter(({ id }) => !named.has(id)),
      moved: gone.filter(({ id }) => named.has(id)),
    }
  }
}
