import type { EventType } from '../events/catalogue.ts'
import type { Recipients } from './recipients.ts'
import type { Page, Range, SubscriptionStore } from './subscriptions/subscriptions.ts'

/** The people of an event, in the order of their names. */
export interface People {
  page(range: Range, limit: number): Promise<Page>
  names(): Promise<readonly string[]>
}

/** Those whom an event names, or everyone subscribed to its type. */
export function peopleOf(
  recipients: Recipients | 'subscribers',
  { tenant, type }: { readonly tenant: string; readonly type: EventType },
  subscriptions: SubscriptionStore,
): People {
  if (recipients === 'subscribers') {
    return {
      page: (range, limit) => subscriptions.subscribersOf(tenant, type, range, limit),
      names: () => subscriptions.namesOf(tenant, type),
    }
  }
  const sorted = recipients.names.toSorted()
  return {
    async page({ after, upTo }, limit) {
      const first = after === undefined ? 0 : sorted.findIndex((name) => name > after)
      if (first < 0) return { subscribers: [], recipients: 0 }
      const some = sorted.slice(first, first + limit + 1)
      const inRange = upTo === undefined ? some : some.filter((name) => name <= upTo)
      const names = inRange.slice(0, limit)
      const subscribers = await subscriptions.find(tenant, names, type)
      const next = inRange.length > limit ? names.at(-1) : undefined
      return { subscribers, recipients: names.length, ...(next !== undefined && { next }) }
    },
    names: async () => sorted,
  }
}

/** Cuts sorted names into so many ranges of about the same number of people. Every name is in one. */
export function cutIntoRanges(sorted: readonly string[], count: number): readonly Range[] {
  const size = Math.ceil(sorted.length / count)
  const ends = Array.from({ length: count - 1 }, (_, index) => sorted[size * (index + 1) - 1])
  const bounds = [...new Set(ends.filter((name) => name !== undefined && name !== sorted.at(-1)))]
  return [undefined, ...bounds].map((after, index) => ({ after, upTo: bounds[index] }))
}
