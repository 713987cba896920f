import { z } from 'zod'
import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'

/** 00:00 to 23:59, by the person's own clock. */
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day by 24 hours, such as 08:30')
const channels = z.array(z.enum(channelNames))
const eventType = z.enum(eventTypes)

/** So that every day has a time at which to send, also where the clock changes. */
const longestQuietHours = 20

const quietHours = z
  .strictObject({ from: timeOfDay, to: timeOfDay })
  .refine(
    ({ from, to }) => from !== to && minutesFrom(from, to) <= longestQuietHours * 60,
    `quiet hours last from a minute to ${longestQuietHours} hours`,
  )

/** How one person wants to be told, whatever the subscription says. */
export const preferences = z
  .strictObject({
    timeZone: z.string().max(64).refine(isTimeZone, 'a time zone, such as Europe/Moscow'),
    /** BCP 47. For actions that name none. */
    locale: z.string().optional(),
    /** The channels allowed for an event type, or, under `*`, for all that have no entry. */
    channels: z.partialRecord(z.union([eventType, z.literal('*')]), channels).optional(),
    /** Nothing is sent from the one time of day until the other; may span midnight. */
    quietHours: quietHours.optional(),
    /** All that a day brings on these channels, by default e-mail alone, comes together at that time. */
    digest: z.strictObject({ at: timeOfDay, channels: channels.default(['email']) }).optional(),
    /** Event types that neither quiet hours nor the digest hold back. */
    urgent: z.array(eventType).optional(),
  })
  .refine(({ quietHours, digest }) => !(quietHours && digest) || !isWithin(digest.at, quietHours), {
    path: ['digest', 'at'],
    message: 'must not lie in the quiet hours',
  })
export type Preferences = Readonly<z.infer<typeof preferences>>
export type QuietHours = Readonly<z.infer<typeof quietHours>>

function isWithin(time: string, { from, to }: QuietHours): boolean {
  return minutesFrom(from, time) < minutesFrom(from, to)
}

/** By a clock that is never changed: 0 to 1439. */
function minutesFrom(from: string, to: string): number {
  const day = 24 * 60
  return (minuteOf(to) - minuteOf(from) + day) % day
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number]
  return hours * 60 + minutes
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
