import type { Interest, Interests } from './messages.ts'

/** What is wanted of a tenant's record events now, by event type. */
export type InterestsOf = (tenant: string) => Promise<Interests>

export const wantNothing: InterestsOf = async () => ({})

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
