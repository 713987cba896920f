import { Temporal } from 'temporal-polyfill'
import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { type EventType, isEventType } from '../events/catalogue.ts'
import { reminderType } from './notification.ts'
import { nextDigest, quietUntil } from './quiet-hours.ts'
import type { ActionPlace } from './subscriptions/actions.ts'
import { canWrite, isTimeZone, type Preferences } from './subscriptions/preferences.ts'
import { remindedType, subscribedType } from './subscriptions/subscriptions.ts'

/** When a notification may be sent. */
export type Timing =
  | { readonly when: 'now' }
  /** Never, for this reason. */
  | { readonly when: 'blocked'; readonly reason: string }
  | {
      readonly when: 'later'
      /** ISO 8601, in UTC. */
      readonly notBefore: string
      /** In one digest with the person's others for the same channel and address. */
      readonly digest: boolean
      /** Only if the person's notifications at these places were not delivered by then. */
      readonly awaits?: readonly ActionPlace[]
    }

/** When a notification of that type may be sent by the channel, by the person's preferences. */
export function timingOf(
  preferences: Preferences | undefined,
  eventType: NotifiedType,
  channel: ChannelName,
  now: Date,
): Timing {
  if (!preferences) return { when: 'now' }
  const reason = whyBlocked(preferences, eventType, channel)
  if (reason !== undefined) return { when: 'blocked', reason }
  const { quietHours, timeZone, urgent } = preferences
  requireZone(timeZone, canWrite)
  if (urgent?.some((type) => namesOf(eventType).includes(type))) return { when: 'now' }
  const digest = preferences.digest?.channels.includes(channel) ? preferences.digest : undefined
  if (!digest && !quietHours) return { when: 'now' }
  requireZone(timeZone, isTimeZone)
  const moment = instantOf(now)
  if (digest) {
    const notBefore = nextDigest(moment, timeZone, digest.at, quietHours).toString()
    return { when: 'later', notBefore, digest: true }
  }
  const end = quietHours && quietUntil(moment, timeZone, quietHours)
  if (end) return { when: 'later', notBefore: end.toString(), digest: false }
  return { when: 'now' }
}

/** Milliseconds by which the run that releases a due notification may be late. */
const lateness = 10 * 60_000

/**
 * When the quiet hours end that hold a notification longer than planned: the person has changed them, or
 * the run is late. One that was due just before them is not held by them.
 *
 * @param heldUntil when it is due (ISO 8601)
 * @returns ISO 8601, in UTC; undefined if nothing holds the notification
 * @throws EcosError `invalid-preferences`
 */
export function heldOn(
  { quietHours, timeZone, urgent }: Preferences,
  eventType: NotifiedType,
  heldUntil: string,
  now: Date,
): string | undefined {
  if (!quietHours || urgent?.some((type) => namesOf(eventType).includes(type))) return undefined
  requireZone(timeZone, isTimeZone)
  const planned = new Date(heldUntil)
  const moment = now.getTime() - planned.getTime() < lateness ? planned : now
  const end = quietUntil(instantOf(moment), timeZone, quietHours)?.epochMilliseconds ?? 0
  return end > Math.max(now.getTime(), planned.getTime()) ? new Date(end).toISOString() : undefined
}

/** The moment, or else the end of the quiet hours that it lies in; urgent types go out in them. */
export function outsideQuietHours(
  preferences: Preferences | undefined,
  eventType: NotifiedType,
  moment: Date,
): Date {
  const end = preferences && heldOn(preferences, eventType, moment.toISOString(), moment)
  return end === undefined ? moment : new Date(end)
}

function instantOf(date: Date): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime())
}

/** @throws EcosError `invalid-preferences` */
function requireZone(timeZone: string, suffices: (timeZone: string) => boolean): void {
  if (suffices(timeZone)) return
  const problem = `The time zone ${timeZone} can't be computed with: set the preferences anew`
  throw new EcosError('invalid-preferences', problem)
}

/** Why the person gets no notification of that type by the channel; undefined if they do. */
export function whyBlocked(
  { channels }: Pick<Preferences, 'channels'>,
  eventType: NotifiedType,
  channel: ChannelName,
): string | undefined {
  const allowed = [...namesOf(eventType), '*' as const].map((type) => channels?.[type])
  const isAllowed = allowed.find(Boolean)?.includes(channel) ?? true
  return isAllowed ? undefined : 'the person has turned the event type off for this channel'
}

/** What preferences may speak of. */
export type NotifiedType = EventType | typeof reminderType

export function isNotifiedType(type: string): type is NotifiedType {
  return type === reminderType || isEventType(type)
}

/** The types by which preferences may mean an event of that type. */
function namesOf(type: NotifiedType): NotifiedType[] {
  return [type, type === reminderType ? remindedType : subscribedType(type)]
}
