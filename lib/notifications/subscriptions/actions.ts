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

/** The actions without those at the place, which none tries next either. */
export function withoutPlace(actions: readonly Action[], place: ActionPlace): Action[] {
  const isThere = isAt(place)
  const remaining = actions.filter((action) => !isThere(action))
  return remaining.map((action) => {
    if (!action.next?.some(isThere)) return action
    const { next, ...own } = action
    const others = next.filter((one) => !isThere(one))
    return { ...own, ...(others.length > 0 && { next: others }) }
  })
}
