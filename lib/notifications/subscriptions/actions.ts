import type { NotificationChannel } from '../notification.ts'
import type { Action } from './subscriptions.ts'

/** The place that an action delivers to. */
export interface ActionPlace {
  readonly channel: NotificationChannel
  readonly address: string
}

export function isAt({ channel, address }: ActionPlace): (place: ActionPlace) => boolean {
  return (place) => place.channel === channel && place.address === address
}

/** A name that no other place has. */
export function placeName({ channel, address }: ActionPlace): string {
  return `${channel} ${address}`
}

/** The actions with the added ones, which replace all others at their places. */
export function withActions(actions: readonly Action[], added: readonly Action[]): Action[] {
  return [...actions.filter((action) => !added.some(isAt(action))), ...added]
}

export function withoutPlace(actions: readonly Action[], place: ActionPlace): Action[] {
  const isThere = isAt(place)
  return actions.filter((action) => !isThere(action))
}
