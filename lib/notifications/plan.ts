import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { attributeAt } from '../events/attribute.ts'
import type { EventType } from '../events/catalogue.ts'
import { matches } from '../events/predicate-match.ts'
import { isolate } from './isolate.ts'
import { isAt } from './subscriptions/actions.ts'
import { ruleAddress } from './subscriptions/rule-address.ts'
import type { Action, Subscriber } from './subscriptions/subscriptions.ts'
import { type Timing, timingOf } from './timing.ts'

/** The part of an event that planning needs. */
export interface PlannedEvent {
  readonly eventType: EventType
  readonly data: unknown
}

/** One message to one person by one channel, and when to send it. */
export interface PlannedNotification {
  readonly username: string
  readonly channel: ChannelName
  readonly address: string
  /** BCP 47. Undefined if neither the action nor the person names one. */
  readonly locale?: string
  /** IANA. Undefined for a person without preferences. */
  readonly timeZone?: string
  /** Undefined for the event type's own template. */
  readonly template?: string
  readonly customData: Readonly<Record<string, unknown>>
  readonly timing: Timing
}

/**
 * Plans a notification for each subscriber and action whose condition holds; of several with the same
 * channel and address, for the first. One that can't be planned is `failed`, with its reason.
 */
export function planNotifications(
  event: PlannedEvent,
  subscribers: readonly Subscriber[],
  now: Date,
): PlannedNotification[] {
  return subscribers.flatMap((subscriber) => {
    const planned = subscriber.actions.flatMap((action) =>
      planAction(event, subscriber, action, now),
    )
    return planned.filter((one, at) => planned.findIndex(isAt(one)) === at)
  })
}

function planAction(
  event: PlannedEvent,
  subscriber: Subscriber,
  action: Action,
  now: Date,
): PlannedNotification[] {
  const { channel, address, condition } = action
  return isolate(
    () =>
      !condition || matches(condition, event.data) ? [plan(event, subscriber, action, now)] : [],
    (reason) => {
      const { username } = subscriber
      return [{ username, channel, address, customData: {}, timing: { when: 'failed', reason } }]
    },
  )
}

function plan(
  { eventType, data }: PlannedEvent,
  subscriber: Subscriber,
  action: Action,
  now: Date,
): PlannedNotification {
  const { username, preferences, preferencesFault } = subscriber
  if (preferencesFault !== undefined) throw new EcosError('invalid-preferences', preferencesFault)
  const { channel, locale = preferences?.locale, template } = action
  const address = addressOf(subscriber, action)
  return {
    username,
    channel,
    address,
    ...(locale !== undefined && { locale }),
    ...(preferences && { timeZone: preferences.timeZone }),
    ...(template !== undefined && { template }),
    customData: customDataOf(data, action),
    timing: action.off
      ? { when: 'blocked', reason: switchedOff(action.off.reason) }
      : timingOf(preferences, eventType, channel, now),
  }
}

/**
 * The address of a subscriber's action.
 *
 * @throws EcosError `invalid-address` for a rule's that can't be one for this person
 */
export function addressOf({ username, byRule }: Subscriber, action: Action): string {
  return byRule ? ruleAddress(action, username) : action.address
}

/** Why a switched-off address gets nothing. */
export function switchedOff(reason: string): string {
  return `the address is switched off: ${reason}`
}

/** A path without a value in this event yields null, so that a strict template may read it. */
function customDataOf(data: unknown, { customData = {} }: Action): Record<string, unknown> {
  const values = Object.entries(customData).map(([name, path]) => [
    name,
    attributeAt(data, path) ?? null,
  ])
  return Object.fromEntries(values)
}
