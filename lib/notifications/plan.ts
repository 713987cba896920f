import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { attributeAt } from '../events/attribute.ts'
import { matches } from '../events/predicate-match.ts'
import { isolate, reasonOf } from './isolate.ts'
import type { NotificationChannel } from './notification.ts'
import { isAt, placeName } from './subscriptions/actions.ts'
import { canWrite } from './subscriptions/preferences.ts'
import { ruleAddress } from './subscriptions/rule-address.ts'
import {
  type Action,
  type BrokenAction,
  defaultAfterMinutes,
  placesOf,
  type Subscriber,
} from './subscriptions/subscriptions.ts'
import { type NotifiedType, type Timing, timingOf } from './timing.ts'

/** The part of an event that planning needs. */
export interface PlannedEvent {
  readonly eventType: NotifiedType
  readonly data: unknown
}

/** One message to one person by one channel, and when to send it. */
export interface SendableNotification {
  readonly username: string
  readonly channel: ChannelName
  readonly address: string
  /** BCP 47. Undefined if neither the action nor the person names one. */
  readonly locale?: string
  /** IANA. Undefined for a person of whom no zone is known. */
  readonly timeZone?: string
  /** Undefined for the event type's own template. */
  readonly template?: string
  readonly customData: Readonly<Record<string, unknown>>
  readonly timing: Timing
  /** The action's own reminders; undefined for those of the tenant. */
  readonly reminders?: readonly string[]
}

/** A notification that can't be planned. */
export interface FailedNotification {
  readonly username: string
  readonly channel: NotificationChannel
  readonly address: string
  readonly timing: { readonly when: 'failed'; readonly reason: string }
}

export type PlannedNotification = SendableNotification | FailedNotification

/**
 * Plans a notification for each subscriber and action whose condition holds; of several with the same
 * channel and address, for the first that can be planned. One that can't is `failed`, with its reason.
 */
export function planNotifications(
  event: PlannedEvent,
  subscribers: readonly Subscriber[],
  now: Date,
): PlannedNotification[] {
  return subscribers.flatMap((subscriber) => {
    const { actions, broken = [] } = subscriber
    const chains = actions.map((action) => planChain(event, subscriber, action, now))
    const planned = [
      ...chains.flatMap((chain) => chain.slice(0, 1)),
      ...broken.map((action) => failed(subscriber, action, brokenReason(action))),
      ...chains.flatMap((chain) => chain.slice(1)),
    ]
    return planned.filter((one) => one === chosen(planned.filter(isAt(one))))
  })
}

/** Of notifications to the same place, the first that can be planned. */
function chosen(planned: readonly PlannedNotification[]): PlannedNotification | undefined {
  return planned.find((one) => !isFailed(one)) ?? planned[0]
}

/**
 * Plans a notification for each place of an action. Each waits for those before; one that can't be sent at
 * all is not waited for.
 */
function planChain(
  event: PlannedEvent,
  subscriber: Subscriber,
  action: Action,
  now: Date,
): PlannedNotification[] {
  const { next: _, off: __, ...common } = action
  const awaits: SendableNotification[] = []
  let from = now
  return placesOf(action).flatMap(({ afterMinutes = defaultAfterMinutes, ...place }) => {
    const [planned] = planAction(event, subscriber, { ...common, ...place }, now)
    if (planned === undefined) return []
    if (isFailed(planned) || planned.timing.when === 'blocked') return [planned]
    const timed = awaits.length > 0 ? waiting(planned, awaits, from, afterMinutes) : planned
    from = timed.timing.when === 'later' ? new Date(timed.timing.notBefore) : now
    awaits.push(timed)
    return [timed]
  })
}

/** It is in no digest: it stands in for what was to come earlier. */
function waiting(
  planned: SendableNotification,
  awaits: readonly SendableNotification[],
  from: Date,
  afterMinutes: number,
): SendableNotification {
  const notBefore = new Date(from.getTime() + afterMinutes * 60_000).toISOString()
  const places = awaits.map(({ channel, address }) => ({ channel, address }))
  return { ...planned, timing: { when: 'later', notBefore, digest: false, awaits: places } }
}

function planAction(
  event: PlannedEvent,
  subscriber: Subscriber,
  action: Action,
  now: Date,
): PlannedNotification[] {
  const { condition } = action
  return isolate<PlannedNotification[]>(
    () =>
      !condition || matches(condition, event.data) ? [plan(event, subscriber, action, now)] : [],
    (reason) => [failed(subscriber, action, reason)],
  )
}

function failed(
  { username }: Subscriber,
  { channel, address }: Pick<FailedNotification, 'channel' | 'address'>,
  reason: string,
): FailedNotification {
  return { username, channel, address, timing: { when: 'failed', reason } }
}

export function isFailed(planned: PlannedNotification): planned is FailedNotification {
  return planned.timing.when === 'failed'
}

function plan(
  { eventType, data }: PlannedEvent,
  subscriber: Subscriber,
  action: Action,
  now: Date,
): SendableNotification {
  const { username, preferences, person, preferencesFault } = subscriber
  if (preferencesFault !== undefined) throw new EcosError('invalid-preferences', preferencesFault)
  const { channel, locale = preferences?.locale ?? person?.locale, template } = action
  // One that no date can be written in may be stored, and the tenant's takes its place.
  const timeZone = [preferences?.timeZone, person?.timeZone].find(isWritable)
  const address = addressOf(subscriber, action)
  const off = action.off ?? subscriber.gone?.[placeName({ channel, address })]
  return {
    username,
    channel,
    address,
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
    ...(template !== undefined && { template }),
    customData: customDataOf(data, action),
    timing: off
      ? { when: 'blocked', reason: switchedOff(off.reason) }
      : timingOf(preferences, eventType, channel, now),
    ...(action.reminders && { reminders: action.reminders }),
  }
}

function isWritable(timeZone: string | undefined): timeZone is string {
  return timeZone !== undefined && canWrite(timeZone)
}

/**
 * The address of a subscriber's action.
 *
 * @throws EcosError `invalid-address` for a rule's that can't be one for this person
 */
export function addressOf(
  subscriber: Subscriber,
  action: Pick<Action, 'channel' | 'address'>,
): string {
  return subscriber.byRule ? ruleAddress(action, subscriber) : action.address
}

/** Why a stored action that does not fit sends nothing. */
export function brokenReason({ fault }: BrokenAction): string {
  return reasonOf(new EcosError('invalid-subscription', fault))
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
