import type { Person } from '../person.ts'
import type { Preferences } from './preferences.ts'
import type { StoredActions } from './stored-actions.ts'
import type { GonePlaces, Subscriber } from './subscriptions.ts'

/** The stored actions and preferences of an event's recipients, by user name. */
export interface StoredSubscriptions {
  readonly actions: ReadonlyMap<string, StoredActions>
  readonly preferences: ReadonlyMap<string, Preferences>
  readonly people?: ReadonlyMap<string, Person>
  /** The places of each person that are gone. */
  readonly gone?: ReadonlyMap<string, GonePlaces>
  /** Those whose preferences are stored but do not fit. */
  readonly misfits?: ReadonlySet<string>
  /** The actions of the tenant's rule. */
  readonly rule?: StoredActions
}

const preferencesFault = 'The stored preferences do not fit: set them anew'

/**
 * The recipients who have actions, in the given order. A person's own subscription, even one without
 * actions or with broken ones, replaces the rule.
 */
export function subscribersAmong(
  usernames: readonly string[],
  stored: StoredSubscriptions,
): Subscriber[] {
  return usernames.flatMap((username) => {
    const own = stored.actions.get(username)
    const found = own ?? stored.rule
    if (!found) return []
    const { actions, broken } = found
    const preferences = stored.preferences.get(username)
    const person = stored.people?.get(username)
    const gone = own ? undefined : stored.gone?.get(username)
    return [
      {
        username,
        actions,
        ...(broken.length > 0 && { broken }),
        ...(!own && { byRule: true }),
        ...(gone && { gone }),
        ...(preferences && { preferences }),
        ...(person && { person }),
        ...(stored.misfits?.has(username) && { preferencesFault }),
      },
    ]
  })
}
