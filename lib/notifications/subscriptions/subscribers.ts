import type { Preferences } from './preferences.ts'
import { addressFor } from './rule-address.ts'
import { type Action, action, type Subscriber } from './subscriptions.ts'

/** What the table holds for an event's recipients, by user name. */
export interface Found {
  readonly actions: ReadonlyMap<string, readonly Action[]>
  readonly preferences: ReadonlyMap<string, Preferences>
  /** The actions of the tenant's rule. */
  readonly rule?: readonly Action[]
}

/**
 * The recipients for whom something is meant, in their order. A person's own subscription, even
 * one without actions, stands instead of the rule.
 */
export function subscribersAmong(usernames: readonly string[], found: Found): Subscriber[] {
  return usernames.flatMap((username) => {
    const actions = found.actions.get(username) ?? ruleFor(username, found.rule)
    const preferences = found.preferences.get(username)
    return actions ? [{ username, actions, ...(preferences && { preferences }) }] : []
  })
}

/** Leaves out what is no address for this person, such as one that is too long. */
function ruleFor(username: string, rule: readonly Action[] | undefined): Action[] | undefined {
  return rule?.flatMap((one) => {
    const parsed = action.safeParse({ ...one, address: addressFor(one.address, username) })
    return parsed.success ? [parsed.data] : []
  })
}
