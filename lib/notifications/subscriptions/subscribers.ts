import type { Preferences } from './preferences.ts'
import { addressFor } from './rule-address.ts'
import { type Action, action, type Subscriber } from './subscriptions.ts'

/** The stored actions and preferences of an event's recipients, by user name. */
export interface StoredSubscriptions {
  readonly actions: ReadonlyMap<string, readonly Action[]>
  readonly preferences: ReadonlyMap<string, Preferences>
  /** The actions of the tenant's rule. */
  readonly rule?: readonly Action[]
}

/**
 * The recipients who have actions, in the given order. A person's own subscription, even one without
 * actions, replaces the rule.
 */
export function subscribersAmong(
  usernames: readonly string[],
  stored: StoredSubscriptions,
): Subscriber[] {
  return usernames.flatMap((username) => {
    const actions = stored.actions.get(username) ?? ruleFor(username, stored.rule)
    const preferences = stored.preferences.get(username)
    return actions ? [{ username, actions, ...(preferences && { preferences }) }] : []
  })
}

/** Leaves out addresses that are invalid for this person, such as one that is too long. */
function ruleFor(username: string, rule: readonly Action[] | undefined): Action[] | undefined {
  return rule?.flatMap((one) => {
    const address = addressFor(one.address, username)
    const parsed = action.safeParse({ ...one, address })
    return parsed.success ? [parsed.data] : []
  })
}
