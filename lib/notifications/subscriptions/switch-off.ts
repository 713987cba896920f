import { type ActionPlace, isAt } from './actions.ts'
import type { Action } from './subscriptions.ts'

/** One person's address on one channel. */
export interface Place extends ActionPlace {
  readonly tenant: string
  /** In lower case. */
  readonly username: string
}

export interface SubscriptionSwitch {
  /** Nothing is sent to the place any more. May be repeated. */
  switchOff(place: Place, reason: string): Promise<void>
}

/**
 * Actions without those at a place: a webhook or a chat stays on record, switched off, until somebody
 * adds it again; the token of a push never comes back, and is removed.
 */
export function switchedOff(
  actions: readonly Action[],
  place: Place,
  off: NonNullable<Action['off']>,
): Action[] {
  const isThere = isAt(place)
  return actions.flatMap((action) => {
    if (!isThere(action)) return [action]
    return action.channel === 'push' ? [] : [{ ...action, off: action.off ?? off }]
  })
}
