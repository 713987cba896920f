import { Temporal } from 'temporal-polyfill'
import type { ChannelName } from '../channels/channel.ts'
import type { EventType } from '../events/catalogue.ts'
import { nextDigest, quietUntil } from './quiet-hours.ts'
import type { Preferences } from './subscriptions/preferences.ts'
import { subscribedType } from './subscriptions/subscriptions.ts'

/** When a notification may go out. */
export type Timing =
  | { readonly when: 'now' }
  /** Never, and why. */
  | { readonly when: 'blocked'; readonly reason: string }
  | {
      readonly when: 'later'
      /** ISO 8601, in UTC. */
      readonly notBefore: string
      /** Together with the person's others that wait for the same channel and address. */
      readonly digest: boolean
    }

/** What a person's preferences say of an event of that type, now, on a channel. */
export function timingOf(
  preferences: Preferences | undefined,
  eventType: EventType,
  channel: ChannelName,
  now: Date,
): Timing {
  if (!preferences) return { when: 'now' }
  const { channels, digest, quietHours, timeZone, urgent } = preferences
  const types = [eventType, subscribedType(eventType)]
  const allowed = [...types, '*' as const].map((type) => channels?.[type]).find(Boolean)
  if (allowed && !allowed.includes(channel)) {
    return { when: 'blocked', reason: 'the person does not want the event type on this channel' }
  }
  if (urgent?.some((type) => types.includes(type))) return { when: 'now' }
  const moment = Temporal.Instant.fromEpochMilliseconds(now.getTime())
  if (digest?.channels.includes(channel)) {
    const notBefore = nextDigest(moment, timeZone, digest.at, quietHours).toString()
    return { when: 'later', notBefore, digest: true }
  }
  const end = quietHours && quietUntil(moment, timeZone, quietHours)
  if (end) return { when: 'later', notBefore: end.toString(), digest: false }
  return { when: 'now' }
}
