import * as z from 'zod'
import { notificationChannel, notificationState } from '../../lib/notifications/notification.ts'
import { notifiedTypes } from '../../lib/notifications/notified-types.ts'
import type { NotificationFilter, TenantsPage } from '../../lib/operations/notification-listing.ts'
import { tenantId, typed } from './request.ts'

/** Words that are sought, at most. */
const maxWords = 10

/** In place of a state: those that wait after a failed try, among however many that wait for their first one. */
const retried = 'RETRIED'

/** The states by which a list is narrowed, in the order in which they are offered. */
export const soughtStates = notificationState.options.flatMap((state) =>
  state === 'WAIT_FOR_DISPATCH' ? ([state, retried] as const) : [state],
)

/** A place in a list: a time, with the mark of a notification of that moment or without. */
const place = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(#[0-9a-f]{12})?$/)

/** The query of `/search`: every field that is given has to match. */
export const searchQuery = z.object({
  /** All tenants are searched without one. */
  tenant: tenantId.optional(),
  /** Words of a title, a person's name or a tenant's, or an id, whole or its beginning. */
  words: typed(300).optional(),
  person: typed(200).toLowerCase().optional(),
  type: z.enum(notifiedTypes).optional(),
  state: z.union([notificationState, z.literal(retried)]).optional(),
  channel: notificationChannel.optional(),
  /** Created from then on, and before then. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  before: place.optional(),
})

interface Search {
  readonly tenant?: string | undefined
  readonly filter: NotificationFilter
  /** Where the first page begins, if not with the latest. */
  readonly end?: string
  /** Where this page begins. */
  readonly before?: string
}

/** Times in a list are compared as text, so they are written in one way. */
export function searchOf(query: z.infer<typeof searchQuery>): Search {
  const { tenant, words, person: username, type: eventType, state, channel, from, to } = query
  const end = to && iso(to)
  const before = query.before ?? end
  const filter = {
    ...(words && { words: words.split(/\s+/u).slice(0, maxWords) }),
    ...(from && { from: iso(from) }),
    ...{ username, eventType, channel },
    ...(state === retried ? ({ state: 'WAIT_FOR_DISPATCH', isRetried: true } as const) : { state }),
  }
  return { tenant, filter, ...(end && { end }), ...(before && { before }) }
}

function iso(time: string): string {
  return new Date(time).toISOString()
}

/** Of tenants that a word names, if they have what is sought; otherwise of all. */
export async function searchAll(
  tenants: readonly string[],
  { filter: { words = [] }, end, before }: Search,
  search: (tenants: readonly string[], before?: string) => Promise<TenantsPage>,
): Promise<TenantsPage & { readonly only?: readonly string[] }> {
  const sought = words.map((word) => word.toLowerCase())
  const named = tenants.filter((tenant) => sought.includes(tenant.toLowerCase()))
  if (named.length === 0) return search(tenants, before)
  const page = await search(named, before)
  // A later page has nothing: that of all would begin in the middle, if the first one was not of all too.
  const first = page.notifications.length > 0 || before === end ? page : await search(named, end)
  return first.notifications.length > 0 ? { ...page, only: named } : search(tenants, before)
}
