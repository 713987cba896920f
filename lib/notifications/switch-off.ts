import type { ChannelName } from '../channels/channel.ts'
import type { Action } from './subscriptions.ts'

/** One person's address on one channel. */
export interface Place {
  readonly tenant: string
  /** In lower case. */
  readonly username: string
  readonly channel: ChannelName
  readonly address: string
}

export interface SubscriptionSwitch {
  /** Nothing is sent to the place any more. May be repeated. */
  switchOff(place: Place, reason: string): Promise<void>
}

/** The actions that deliver to a place. */
export function isAt({ channel, address }: Place): (action: Action) => boolean {
  return (action) => action.channel === channel && action.address === address
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
