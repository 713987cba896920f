import { type ActionPlace, isAt } from './actions.ts'
import type { Action } from './subscriptions.ts'

/** One person's address on one channel. */
export interface Place extends ActionPlace {
  readonly tenant: string
  /** In lower case. */
  readonly username: string
}

export interface SubscriptionSwitch {
  /** Stops all notifications to the place. May be repeated. */
  switchOff(place: Place, reason: string): Promise<void>
}

/** The action as one that notifications are sent to again. */
export function switchedOn({ off: _, ...action }: Action): Action {
  return action
}

/**
 * Switches off the actions at a place. A webhook or a chat stays on record, switched off, until
 * somebody switches it on or adds it again; a push token never becomes valid again, so it is removed.
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
