import type { ChannelName } from '../channels/channel.ts'
import { attributeAt } from '../events/attribute.ts'
import type { EventType } from '../events/catalogue.ts'
import { matches } from '../events/predicate-match.ts'
import { isAt } from './subscriptions/actions.ts'
import type { Action, Subscriber } from './subscriptions/subscriptions.ts'
import { type Timing, timingOf } from './timing.ts'

/** The event, as far as a plan looks at it. */
export interface PlannedEvent {
  readonly eventType: EventType
  readonly data: unknown
}

/** One thing to say to one person over one channel, and when. */
export interface PlannedNotification {
  readonly username: string
  readonly channel: ChannelName
  readonly address: string
  /** BCP 47. Undefined where neither the action nor the person names one. */
  readonly locale?: string
  /** IANA. Undefined where the person has said nothing of their time zone. */
  readonly timeZone?: string
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
  event: PlannedEvent,
  subscribers: readonly Subscriber[],
  now: Date,
): PlannedNotification[] {
  return subscribers.flatMap((subscriber) =>
    wanted(subscriber.actions, event.data).map((action) => plan(event, subscriber, action, now)),
  )
}

function wanted(actions: readonly Action[], data: unknown): Action[] {
  const meant = actions.filter(({ condition }) => !condition || matches(condition, data))
  return meant.filter((action, at) => meant.findIndex(isAt(action)) === at)
}

function plan(
  { eventType, data }: PlannedEvent,
  { username, preferences }: Subscriber,
  action: Action,
  now: Date,
): PlannedNotification {
  const { channel, address, locale = preferences?.locale, template } = action
  return {
    username,
    channel,
    address,
    ...(locale !== undefined && { locale }),
    ...(preferences && { timeZone: preferences.timeZone }),
    ...(template !== undefined && { template }),
    customData: customDataOf(data, action),
    timing: action.off
      ? switchedOff(action.off.reason)
      : timingOf(preferences, eventType, channel, now),
  }
}

function switchedOff(reason: string): Timing {
  return { when: 'blocked', reason: `the address is switched off: ${reason}` }
}

/** A path that leads nowhere in this event gives null, so that a strict template may ask for it. */
function customDataOf(data: unknown, { customData = {} }: Action): Record<string, unknown> {
  const values = Object.entries(customData).map(([name, path]) => [
    name,
    attributeAt(data, path) ?? null,
  ])
  return Object.fromEntries(values)
}
