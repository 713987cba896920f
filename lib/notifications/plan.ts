import type { ChannelName } from '../channels/channel.ts'
import { attributeAt } from '../events/attribute.ts'
import { matches } from '../events/predicate-match.ts'
import type { Action, Subscriber } from './subscriptions.ts'

/** When a notification may go out. */
export type Timing =
  | { readonly when: 'now' }
  /** Never: the person does not want it there. */
  | { readonly when: 'blocked'; readonly reason: string }
  | {
      readonly when: 'later'
      /** ISO 8601, in UTC. */
      readonly notBefore: string
      /** Together with the person's others that wait for the same channel and address. */
      readonly digest: boolean
    }

/** One thing to say to one person over one channel, and when. */
export interface PlannedNotification {
  readonly username: string
  readonly channel: ChannelName
  readonly address: string
  /** BCP 47. Undefined where neither the action nor the person names one. */
  readonly locale?: string
  /** Undefined for the event type's own. */
  readonly template?: string
  readonly customData: Readonly<Record<string, unknown>>
  readonly timing: Timing
}

/**
 * One for each subscriber and action whose condition holds. Of several for one channel and address the
 * first counts.
 */
export function planNotifications(
  data: unknown,
  subscribers: readonly Subscriber[],
): PlannedNotification[] {
  return subscribers.flatMap(({ username, actions }) =>
    firstOfEachPlace(actions.filter((action) => isMeant(action, data))).map((action) =>
      plan(data, username, action),
    ),
  )
}

function isMeant({ condition }: Action, data: unknown): boolean {
  return condition === undefined || matches(condition, data)
}

function firstOfEachPlace(actions: readonly Action[]): Action[] {
  return actions.filter(({ channel, address }, at) => {
    const samePlace = (one: Action) => one.channel === channel && one.address === address
    return actions.findIndex(samePlace) === at
  })
}

function plan(data: unknown, username: string, action: Action): PlannedNotification {
  const { channel, address, locale, template } = action
  return {
    username,
    channel,
    address,
    ...(locale !== undefined && { locale }),
    ...(template !== undefined && { template }),
    customData: customDataOf(data, action),
    timing: { when: 'now' },
  }
}

/** A path that leads nowhere in this event gives null, so that a strict template may ask for it. */
function customDataOf(data: unknown, { customData = {} }: Action): Record<string, unknown> {
  const values = Object.entries(customData).map(([name, path]) => [
    name,
    attributeAt(data, path) ?? null,
  ])
  return Object.fromEntries(values)
}
