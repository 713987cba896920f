import * as z from 'zod'
import type { Difference } from './difference.ts'

const named = z.object({ count: z.number(), names: z.array(z.string()) })

/** When the tenants of a cell were changed, and which of them: a line of its history. */
export const tenantsChange = z.object({
  /** ISO 8601, in UTC. */
  at: z.string(),
  added: named,
  removed: named,
  changed: named,
})
export type TenantsChange = Readonly<z.infer<typeof tenantsChange>>

/** Tenants that a line names of each kind. */
const maxNames = 10

/** Tenants that moved to another cell count as removed. */
export function changeOf(difference: Difference, now: Date): TenantsChange {
  const { added, removed, moved = [], changed } = difference
  return {
    at: now.toISOString(),
    added: namedOf(added),
    removed: namedOf([...removed, ...moved]),
    changed: namedOf(changed.map(({ id }) => id)),
  }
}

function namedOf(ids: readonly string[]): TenantsChange['added'] {
  return { count: ids.length, names: ids.slice(0, maxNames) }
}
