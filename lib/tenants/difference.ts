import type { CellTenants } from './published.ts'
import type { Tenant } from './tenants-file.ts'

/** What applying a tenants.yml changes in a cell. */
export interface Difference {
  /** Ids of tenants that the cell has not had. */
  readonly added: readonly string[]
  /** Ids of tenants that the file no longer has. */
  readonly removed: readonly string[]
  /** Ids of tenants that the file has in another cell, or on their way to one. */
  readonly moved?: readonly string[]
  readonly changed: readonly Change[]
  /** Ids of leaving tenants that the file now has in another cell, whose bridge consumes their queues. */
  readonly elsewhere?: readonly string[]
  /** What of it is in the stack, and so needs a deployment too: a sentence for each tenant. */
  readonly deploy: readonly string[]
}

/** A tenant whose fields differ. */
export interface Change {
  readonly id: string
  /** Names of the fields that differ. */
  readonly fields: readonly string[]
}

export function differenceOf(before: CellTenants['tenants'], after: readonly Tenant[]): Difference {
  const [old, next] = [byId(before), byId(after)]
  const ids = [...new Set([...old.keys(), ...next.keys()])]
  return {
    deploy: ids.flatMap((id) => deploymentReasons(id, old.get(id), next.get(id))),
    added: [...next.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !next.has(id)),
    changed: [...next].flatMap(([id, tenant]) => {
      const fields = changedFields(old.get(id) ?? tenant, tenant)
      return fields.length > 0 ? [{ id, fields }] : []
    }),
  }
}

export function isEmpty(difference: Difference): boolean {
  const { added, removed, changed, moved = [], elsewhere = [] } = difference
  return [added, removed, changed, moved, elsewhere].every((ids) => ids.length === 0)
}

/** Names in tenants.yml of what is computed from several fields. */
const written: { readonly [field: string]: string } = { events2: 'wire or recordEvents' }

function changedFields(before: Tenant, after: Tenant): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Tenant>
  const differ = [...names].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  return differ.map((name) => written[name] ?? name)
}

/** Rules and sources of a tenant's own are resources of the stack; all else it reads at run time. */
function deploymentReasons(id: string, before?: Tenant, after?: Tenant): string[] {
  const isOwn = (tenant?: Tenant) => tenant?.partition === 'own'
  const types = (tenant?: Tenant) => isOwn(tenant) && tenant?.events.toSorted().join()
  const broker = (tenant?: Tenant) => JSON.stringify(tenant?.broker)
  return [
    ...(types(before) !== types(after) ? [`${id} has rules of its own`] : []),
    ...(broker(before) !== broker(after)
      ? [`Lambda consumes the queue of ${id} at an Amazon MQ broker`]
      : []),
  ]
}

function byId(tenants: readonly Tenant[]): Map<string, Tenant> {
  return new Map(tenants.map((tenant) => [tenant.id, tenant]))
}
