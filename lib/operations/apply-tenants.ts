import { tenantsOfCell } from '../tenants/cell-tenants.ts'
import { type Difference, differenceOf, isEmpty } from '../tenants/difference.ts'
import { parsePublished, publishedText } from '../tenants/published.ts'
import { changeOf, type TenantsChange } from '../tenants/tenants-change.ts'
import type { Tenant, TenantsContent } from '../tenants/tenants-file.ts'

/** Where a cell's applied tenants are kept: a text that is replaced as a whole. */
export interface AppliedTenants {
  /** No text: a part of the version is missing. */
  read(): Promise<
    undefined | 'unchanged' | { readonly version: string; readonly text: string | undefined }
  >
  /**
   * @param before the version that the text replaces
   * @param change a line for the history of the cell's tenants
   * @returns the new version
   * @throws EcosError `tenants-changed` if somebody else has replaced it since
   */
  write(text: string, before: string | undefined, change: TenantsChange): Promise<string>
}

/** A tenants.yml that has been validated whole. */
export interface ValidTenants {
  readonly tenants: readonly Tenant[]
  readonly content: TenantsContent
}

/** What applying a tenants.yml to a cell would do. */
export interface TenantsPlan {
  readonly cell: string
  readonly difference: Difference
  /** The version that is applied now; undefined if there is none. */
  readonly version: string | undefined
  /** Whether what is applied now can't be read, and is replaced without a comparison. */
  readonly isUnreadable: boolean
  /** @returns the version that is applied then: a new one, unless nothing differs */
  apply(now: Date): Promise<string | undefined>
}

/** Compares a tenants.yml with what is applied to the cell. Writes nothing before `apply`. */
export async function planTenants(
  table: AppliedTenants,
  file: ValidTenants,
  cell: string,
): Promise<TenantsPlan> {
  const applied = await table.read()
  const { version, text } = applied === undefined || applied === 'unchanged' ? {} : applied
  const before = text === undefined ? undefined : readable(text)
  const after = tenantsOfCell(file.tenants, cell)
  const named = new Map(file.tenants.map((tenant) => [tenant.id, tenant]))
  const elsewhere = (before?.of.leaving ?? []).flatMap(({ id }) => {
    return (named.get(id)?.cell ?? cell) === cell ? [] : [id]
  })
  const { removed: gone, ...others } = differenceOf(before?.of.tenants ?? [], after)
  const moved = gone.filter((id) => named.has(id))
  const difference = {
    ...others,
    removed: gone.filter((id) => !named.has(id)),
    ...(moved.length > 0 && { moved }),
    ...(elsewhere.length > 0 && { elsewhere }),
  }
  return {
    cell,
    difference,
    version,
    isUnreadable: version !== undefined && before === undefined,
    async apply(now) {
      if (before !== undefined && isEmpty(difference)) return version
      const text = publishedText(file, cell, before, now)
      return table.write(text, version, changeOf(difference, now))
    },
  }
}

/** A text of a later release, or a damaged one, must not keep tenants from being applied. */
function readable(text: string): ReturnType<typeof parsePublished> | undefined {
  try {
    return parsePublished(text)
  } catch {
    return undefined
  }
}
