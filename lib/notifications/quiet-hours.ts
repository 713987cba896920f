import { Temporal } from 'temporal-polyfill'
import type { QuietHours } from './subscriptions/preferences.ts'

/** Hours of a day on which the clock goes back: the longest wait for a time of day. */
const longestWait = 25

/**
 * A clock change at either end never shortens the quiet hours: an end that occurs twice counts the
 * second time, a skipped one comes later by the skipped time; for a beginning it is the other way round.
 *
 * @returns the end of the quiet hours that contain the moment; undefined outside them
 */
export function quietUntil(
  moment: Temporal.Instant,
  timeZone: string,
  quietHours: QuietHours,
): Temporal.Instant | undefined {
  return quietSpan(moment, timeZone, quietHours)?.end
}

interface Span {
  readonly start: Temporal.Instant
  readonly end: Temporal.Instant
}

/** The quiet hours that contain the moment. */
function quietSpan(
  moment: Temporal.Instant,
  timeZone: string,
  { from, to }: QuietHours,
): Span | undefined {
  const today = dayOf(moment, timeZone)
  // Yesterday's may last until today, and tomorrow's begin today if midnight is skipped.
  for (const days of [-1, 0, 1]) {
    const day = today.add({ days })
    const start = instantAt(day, from, timeZone, 'earlier')
    const end = instantAt(to > from ? day : day.add({ days: 1 }), to, timeZone, 'later')
    if (isBefore(moment, end) && !isBefore(moment, start)) return { start, end }
  }
  return undefined
}

/**
 * The next moment at which the clock shows the time of day. Of a time that occurs twice, the first
 * counts; a skipped one comes earlier by the skipped time. If a clock change moves it into quiet hours,
 * it is their end, or a minute before them if their end is too far away.
 */
export function nextDigest(
  moment: Temporal.Instant,
  timeZone: string,
  at: string,
  quietHours: QuietHours | undefined,
): Temporal.Instant {
  const today = dayOf(moment, timeZone)
  let next = moment
  for (let days = 0; !isBefore(moment, next); days += 1) {
    next = instantAt(today.add({ days }), at, timeZone, 'earlier')
  }
  const span = quietHours && quietSpan(next, timeZone, quietHours)
  if (span === undefined) return next
  const tooLate = isBefore(moment.add({ hours: longestWait }), span.end)
  return tooLate ? span.start.subtract({ minutes: 1 }) : span.end
}

function dayOf(moment: Temporal.Instant, timeZone: string): Temporal.PlainDate {
  return moment.toZonedDateTimeISO(timeZone).toPlainDate()
}

function instantAt(
  day: Temporal.PlainDate,
  time: string,
  timeZone: string,
  disambiguation: 'earlier' | 'later',
): Temporal.Instant {
  return day.toPlainDateTime(time).toZonedDateTime(timeZone, { disambiguation }).toInstant()
}

function isBefore(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) < 0
}
