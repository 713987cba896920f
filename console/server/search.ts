import * as z from 'zod'
import { notificationChannel, notificationState } from '../../lib/notifications/notification.ts'
import { notifiedTypes } from '../../lib/notifications/notified-types.ts'
import type { NotificationFilter, TenantsPage } from '../../lib/operations/notification-listing.ts'
import { tenantId, typed } from './request.ts'

/** Words that are sought, at most. */
const maxWords = 10

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
  state: notificationState.optional(),
  channel: notificationChannel.optional(),
  /** Created from then on, and before then. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  before: place.optional(),
})

interface Search {
  readonly tenant?: string | undefined
  readonly filter: NotificationFilter
  readonly before?: string
}

/** Times in a list are compared as text, so they are written in one way. */
export function searchOf(query: z.infer<typeof searchQuery>): Search {
  const { tenant, words, person: username, type: eventType, state, channel, from, to } = query
  const before = query.before ?? (to && iso(to))
  const filter = {
    ...(words && { words: words.split(/\s+/u).slice(0, maxWords) }),
    ...(from && { from: iso(from) }),
    ...{ username, eventType, state, channel },
  }
  return { tenant, filter, ...(before && { before }) }
}

function iso(time: string): string {
  return new Date(time).toISOString()
}

/** Of tenants that a word names, as long as they have what is sought; otherwise of all. */
export async function searchAll(
  tenants: readonly string[],
  { words = [] }: NotificationFilter,
  search: (tenants: readonly string[]) => Promise<TenantsPage>,
): Promise<TenantsPage & { readonly only?: readonly string[] }> {
  const sought = words.map((word) => word.toLowerCase())
  const named = tenants.filter((tenant) => sought.includes(tenant.toLowerCase()))
  const only = named.length > 0 ? await search(named) : undefined
  return only && only.notifications.length > 0 ? { ...only, only: named } : search(tenants)
}
