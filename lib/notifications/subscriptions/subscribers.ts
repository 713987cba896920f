import type { Preferences } from './preferences.ts'
import type { Action, Subscriber } from './subscriptions.ts'

/** The stored actions and preferences of an event's recipients, by user name. */
export interface StoredSubscriptions {
  readonly actions: ReadonlyMap<string, readonly Action[]>
  readonly preferences: ReadonlyMap<string, Preferences>
  /** Those whose preferences are stored but do not fit. */
  readonly misfits?: ReadonlySet<string>
  /** The actions of the tenant's rule. */
  readonly rule?: readonly Action[]
}

const preferencesFault = 'The stored preferences do not fit: set them anew'

/**
 * The recipients who have actions, in the given order. A person's own subscription, even one without
 * actions, replaces the rule.
 */
export function subscribersAmong(
  usernames: readonly string[],
  stored: StoredSubscriptions,
): Subscriber[] {
  return usernames.flatMap((username) => {
    const own = stored.actions.get(username)
    const actions = own ?? stored.rule
    if (!actions) return []
    const preferences = stored.preferences.get(username)
    return [
      {
        username,
        actions,
        ...(!own && { byRule: true }),
        ...(preferences && { preferences }),
        ...(stored.misfits?.has(username) && { preferencesFault }),
      },
    ]
  })
}
