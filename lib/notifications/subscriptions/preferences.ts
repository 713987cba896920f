import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { late } from '../../late.ts'
import { localeField } from '../../locale.ts'
import { timeOfDay } from '../../time-of-day.ts'
import { reminderType } from '../notification.ts'

const channels = late(() => z.array(z.enum(channelNames)))
const eventType = late(() => z.enum([...eventTypes, reminderType]))

/** Hours: every day keeps a time at which to send, even when the clock changes. */
const longestQuietHours = 20

/** In the person's time zone. */
const quietHours = late(() =>
  z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .refine(
      ({ from, to }) => from !== to && minutesFrom(from, to) <= longestQuietHours * 60,
      `quiet hours must last from a minute to ${longestQuietHours} hours`,
    ),
)

/** One person's preferences, which apply to all of their notifications. */
export const preferences = late(() =>
  z
    .strictObject({
      timeZone: z.string().max(64),
      /** BCP 47, for actions without a locale. */
      locale: z.string().optional(),
      /** The channels allowed for an event type or, under `*`, for all types without an entry. */
      channels: z.partialRecord(z.union([eventType, z.literal('*')]), channels).optional(),
      /** Nothing is sent between these times of day, which may span midnight. */
      quietHours: quietHours.optional(),
      /** A day's notifications on these channels are sent together at this time. */
      digest: z.strictObject({ at: timeOfDay, channels: channels.default(['email']) }).optional(),
      /** Event types that are sent at once, despite quiet hours and digest. */
      urgent: z.array(eventType).optional(),
    })
    .refine(
      ({ quietHours, digest }) => !(quietHours && digest) || !isWithin(digest.at, quietHours),
      {
        path: ['digest', 'at'],
        message: 'must not lie in the quiet hours',
      },
    ),
)
export type Preferences = Readonly<z.infer<typeof preferences>>

/**
 * Preferences to be stored, the language as a canonical tag. Stored ones may have a time zone that can't be
 * computed with: notifications that need it fail, with the reason, rather than ignore the preferences.
 */
export const newPreferences = late(() =>
  preferences
    .refine(({ timeZone }) => isTimeZone(timeZone), {
      path: ['timeZone'],
      message: 'must be a time zone, such as Europe/Moscow',
    })
    .transform((given, context) => {
      if (given.locale === undefined) return given
      const { data, error } = localeField.safeParse(given.locale)
      if (data !== undefined) return { ...given, locale: data }
      for (const { message } of error?.issues ?? []) {
        context.addIssue({ code: 'custom', path: ['locale'], message })
      }
      return z.NEVER
    }),
)
export type QuietHours = Readonly<z.infer<typeof quietHours>>

function isWithin(time: string, { from, to }: QuietHours): boolean {
  return minutesFrom(from, time) < minutesFrom(from, to)
}

/** 0 to 1439, without regard to clock changes. */
function minutesFrom(from: string, to: string): number {
  const day = 24 * 60
  return (minuteOf(to) - minuteOf(from) + day) % day
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number]
  return hours * 60 + minutes
}

/** Whether times can be computed and written in the zone. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return canWrite(name)
  } catch {
    return false
  }
}

/** Known to be writable: finding out takes long, and each of a crowd has one. */
const writable = new Set<string>()

/** Whether times can be written in the zone: Intl also knows names such as IST or PST. */
export function canWrite(timeZone: string): boolean {
  if (writable.has(timeZone)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    writable.add(timeZone)
    return true
  } catch {
    return false
  }
}
