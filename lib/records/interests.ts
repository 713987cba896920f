import { isEventType } from '../events/catalogue.ts'
import type { Interest, Interests } from '../events/interest.ts'
import { events2Types } from '../tenants/events-2.ts'
import type { Tenant } from '../tenants/tenants-file.ts'

/** What is wanted of a tenant's record events now, by event type. */
export type InterestsOf = (tenant: string) => Promise<Interests>

export const wantNothing: InterestsOf = async () => ({})

/**
 * Asks again only after so many milliseconds, however many sources start or events come meanwhile. What
 * failed is asked again at once.
 */
export function remembered(interestsOf: InterestsOf, milliseconds: number): InterestsOf {
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
 * What is wanted of events 2.0: what tenants.yml says, by the types that are turned on and by
 * `recordEvents`, and what else is wanted, of types that come over 1.0 nothing. A filter that stands in
 * tenants.yml holds for whoever wants events of the type.
 */
export function events2Interests(
  tenants: readonly Tenant[],
  wanted: InterestsOf = wantNothing,
): InterestsOf {
  const byTenant = new Map(tenants.map(({ id, events2 }) => [id, events2?.interests ?? {}]))
  return async (tenant) => {
    const inFile = byTenant.get(tenant) ?? {}
    const all = Object.entries(mergeInterests([inFile, await wanted(tenant)]))
    const coming = all.filter(([type]) => !isEventType(type) || events2Types.includes(type))
    return Object.fromEntries(
      coming.map(([type, interest]) => {
        const filter = inFile[type]?.filter
        return [type, filter === undefined ? interest : { ...interest, filter }]
      }),
    )
  }
}

/**
 * What several want together, by event type: all their attributes, each once. A filter can hold back
 * only what nobody else wants, so that of several none is left.
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
