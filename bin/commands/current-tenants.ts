import { openTenantsTable, type TenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { EcosError } from '../../lib/errors.ts'
import { tenantsOfCell, tenantsOnTheirWay } from '../../lib/tenants/cell-tenants.ts'
import { tenantsTable } from '../../lib/tenants/names.ts'
import { type CellTenants, parsePublished } from '../../lib/tenants/published.ts'
import { tenantsReader } from './tenants-reader.ts'

/** Of a cell; undefined if nothing is applied to it. */
export type CurrentTenants = (cell: string) => Promise<CellTenants | undefined>

/**
 * Reads a cell's tenants with each call, for a process that outlives changes: those of TENANTS_FILE or, without it,
 * the applied ones. Parses them only when they have changed. What can't be read is thrown.
 *
 * @param open opens the table of a cell
 */
export function currentTenants(
  file = process.env['TENANTS_FILE'],
  open: (cell: string) => Pick<TenantsTable, 'read'> = (cell) =>
    openTenantsTable(tenantsTable(cell)),
): CurrentTenants {
  if (file) {
    const read = tenantsReader(file)
    return async (cell) => {
      const all = read()
      return {
        ...{ tenants: tenantsOfCell(all, cell), leaving: [] },
        moved: tenantsOnTheirWay(all, cell),
      }
    }
  }
  const readers = new Map<string, () => Promise<CellTenants | undefined>>()
  return (cell) => {
    const read = readers.get(cell) ?? appliedReader(open(cell))
    readers.set(cell, read)
    return read()
  }
}

function appliedReader(table: Pick<TenantsTable, 'read'>) {
  let last: { readonly version: string; readonly of: CellTenants } | undefined
  return async (): Promise<CellTenants | undefined> => {
    const now = await table.read(last?.version).catch(noneIfNotDeployed)
    if (now === 'unchanged' || now?.text === undefined) return now && last?.of
    last = { version: now.version, of: parsePublished(now.text).of }
    return last.of
  }
}

/** A cell of a release that had no such table. */
function noneIfNotDeployed(error: unknown): undefined {
  if (!(error instanceof EcosError) || error.code !== 'not-deployed') throw error
}

/** Whoever has, or may have, notifications in the cell: also tenants that have left it or are on their way. */
export function everyTenant({ tenants, leaving, moved = [] }: CellTenants): string[] {
  return [...tenants, ...moved, ...leaving].map(({ id }) => id)
}
