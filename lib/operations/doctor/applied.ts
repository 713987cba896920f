import { isEmpty } from '../../tenants/difference.ts'
import { type AppliedTenants, planTenants, type ValidTenants } from '../apply-tenants.ts'
import { examine, type Finding, ok, wrong } from './finding.ts'

const subject = 'applied tenants'
const apply = 'apply it (npx ecos-eventbridge tenants apply --cell <cell>)'

/** Whether the cell's functions and workers have the tenants of tenants.yml. */
export async function examineApplied(
  table: AppliedTenants,
  file: ValidTenants,
  cell: string,
): Promise<readonly Finding[]> {
  return examine(
    subject,
    () => planTenants(table, file, cell),
    ({ version, isUnreadable, difference }) => {
      if (version === undefined) return wrong(subject, `nothing is applied: ${apply}`)
      if (isUnreadable) return wrong(subject, `version ${version} can't be read: ${apply}`)
      if (isEmpty(difference)) return ok(subject, `version ${version}`)
      const { added, removed, changed } = difference
      const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`
      return wrong(subject, `tenants.yml differs from version ${version} (${counts}): ${apply}`)
    },
  )
}
