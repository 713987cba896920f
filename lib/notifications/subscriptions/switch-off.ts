import { type ActionPlace, isAt } from './actions.ts'
import type { Action } from './subscriptions.ts'

/** One person's address on one channel. */
export interface Place extends ActionPlace {
  /** ISO 8601: when the notification that came back was made. */
  readonly madeAt?: string | undefined
  readonly tenant: string
  /** In lower case. */
  readonly username: string
}

export interface SubscriptionSwitch {
  /** Stops all notifications to the place. May be repeated. */
  switchOff(place: Place, reason: string): Promise<void>
}

/** The action, with its places that are the given one switched on. */
export function switchedOn(action: Action, place: Place): Action {
  const isThere = isAt(place)
  const on = <Some extends Pick<Action, 'channel' | 'address' | 'off'>>(one: Some): Some => {
    const { off: _, ...rest } = one
    return isThere(one) ? (rest as Some) : one
  }
  return { ...on(action), ...(action.next && { next: action.next.map(on) }) }
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
  const remaining = <Some extends Pick<Action, 'channel' | 'address' | 'off'>>(
    one: Some,
  ): Some[] => {
    if (!isThere(one)) return [one]
    return one.channel === 'push' ? [] : [{ ...one, off: one.off ?? off }]
  }
  return actions.flatMap((action) => {
    const { next, ...own } = action
    const others = next?.flatMap(remaining)
    const [left] = remaining(own)
    if (left) return [{ ...left, ...(others && { next: others }) }]
    // The places after a token that is gone are tried in its stead.
    const [first, ...rest] = others ?? []
    if (first === undefined) return []
    const { afterMinutes: _, ...place } = first
    return [{ ...own, ...place, ...(rest.length > 0 && { next: rest }) }]
  })
}
