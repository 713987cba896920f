import { Temporal } from 'temporal-polyfill'
import type { QuietHours } from './subscriptions/preferences.ts'

/** A day on which the clock goes back, in hours: what waits for a time of day waits no longer. */
const longestWait = 25

/**
 * The quiet hours of a day last from their first moment by the clock to their last. Where the clock is
 * changed at either end, they never get shorter for it: an end that comes twice counts the second
 * time, one that is skipped comes later by what was skipped; and a beginning the other way round.
 *
 * @returns the end of the quiet hours that the moment lies in
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

/** The quiet hours that the moment lies in. */
function quietSpan(
  moment: Temporal.Instant,
  timeZone: string,
  { from, to }: QuietHours,
): Span | undefined {
  const today = dayOf(moment, timeZone)
  // Yesterday's may last until today, and tomorrow's begin today where midnight is skipped.
  for (const days of [-1, 0, 1]) {
    const day = today.add({ days })
    const start = instantAt(day, from, timeZone, 'earlier')
    const end = instantAt(to > from ? day : day.add({ days: 1 }), to, timeZone, 'later')
    if (isBefore(moment, end) && !isBefore(moment, start)) return { start, end }
  }
  return undefined
}

/**
 * The next time, after this moment, that the clock shows the time of day. Where it shows it twice, the
 * first counts; where it is skipped, the moment that comes as long before the change as it would have
 * come after. Where a change brings it into quiet hours, their end; or a minute before them, where that
 * would be too long to wait.
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
