import { isEventType } from '../events/catalogue.ts'
import type { Interest, Interests } from '../events/interest.ts'
import { events2Types } from '../tenants/events-2.ts'
import type { Tenant } from '../tenants/tenants-file.ts'

/** The interests in a tenant's record events at this moment, by event type. */
export type InterestsOf = (tenant: string) => Promise<Interests>

export const wantNothing: InterestsOf = async () => ({})

/**
 * Caches each tenant's interests for so many milliseconds, however many sources start or events arrive
 * meanwhile. A failure is not cached.
 */
export function cachedInterests(interestsOf: InterestsOf, milliseconds: number): InterestsOf {
  const known = new Map<string, { readonly asked: Promise<Interests>; readonly at: number }>()
  return (tenant) => {
    const before = known.get(tenant)
    if (before !== undefined && Date.now() - before.at < milliseconds) return before.asked
    const asked = interestsOf(tenant)
    known.set(tenant, { asked, at: Date.now() })
    asked.catch(() => known.delete(tenant))
    return asked
  }
}

/**
 * Interests in events 2.0: those of tenants.yml (the types in `events`, and `recordEvents`) merged with
 * the given ones, without the types that only wire 1.0 carries. A filter in tenants.yml applies to every
 * listener of its type.
 */
export function events2Interests(
  tenants: readonly Tenant[],
  wanted: InterestsOf = wantNothing,
): InterestsOf {
  const byTenant = new Map(tenants.map(({ id, events2 }) => [id, events2?.interests ?? {}]))
  return async (tenant) => {
    const inFile = byTenant.get(tenant) ?? {}
    const merged = Object.entries(mergeInterests([inFile, await wanted(tenant)]))
    const carried = merged.filter(([type]) => !isEventType(type) || events2Types.includes(type))
    return Object.fromEntries(
      carried.map(([type, interest]) => {
        const filter = inFile[type]?.filter
        return [type, filter === undefined ? interest : { ...interest, filter }]
      }),
    )
  }
}

/**
 * Merges interests by event type: the union of their attributes. A filter survives only when its interest
 * is the type's only one, because the other listeners want the filtered events too.
 */
export function mergeInterests(all: readonly Interests[]): Interests {
  const byType = Map.groupBy(all.flatMap(Object.entries<Interest>), ([type]) => type)
  return Object.fromEntries(
    [...byType].map(([type, entries]) => [type, merge(entries.map(([, interest]) => interest))]),
  )
}

function merge(interests: readonly Interest[]): Interest {
  const attributes = [...new Set(interests.flatMap((interest) => interest.attributes))].sort()
  const filter = interests.length === 1 ? interests[0]?.filter : undefined
  return { attributes, ...(filter !== undefined && { filter }) }
}
