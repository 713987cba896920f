import type { Temporal } from 'temporal-polyfill'
import { type Reminder, type WorkingHours, weekdays } from '../../tenants/reminders.ts'

/** The working hours at a place. */
export interface Calendar extends WorkingHours {
  /** IANA. */
  readonly timeZone: string
}

type Span = Pick<Reminder, 'amount' | 'unit'>

/** Days searched at most for a time to work: a reminder that takes more would come too late. */
const searched = 400

/** Working milliseconds before closing time at which a day's last reminder comes. */
const lastHour = 3_600_000

/**
 * The moment after so many working hours or days: of days at the same time of day. What is not in working
 * hours comes when they begin next.
 *
 * @returns undefined if there are too few working hours for that
 */
export function workingTimeAfter(
  moment: Temporal.Instant,
  { amount, unit }: Span,
  calendar: Calendar,
): Temporal.Instant | undefined {
  const hours = unit === 'h' ? amount : 0
  const start = unit === 'h' ? moment : daysAway(moment, amount, 1, calendar)
  let left = hours * 3_600_000
  for (const [opening, closing] of workFrom(dayOf(start, calendar), 1, calendar)) {
    const from = Math.max(opening, start.epochMilliseconds)
    if (from >= closing) continue
    if (from + left <= closing) return instantAt(start, from + left)
    left -= closing - from
  }
  return undefined
}

/**
 * The moment so many working hours or days before: of days at the same time of day, but at work, and an
 * hour before it ends at the latest.
 *
 * @returns undefined if there are too few working hours for that
 */
export function workingTimeBefore(
  moment: Temporal.Instant,
  { amount, unit }: Span,
  calendar: Calendar,
): Temporal.Instant | undefined {
  if (unit === 'd') {
    const then = daysAway(moment, amount, -1, calendar)
    const [opening, closing] = workOf(dayOf(then, calendar), calendar)
    const latest = Math.max(opening, closing - lastHour)
    return instantAt(then, Math.min(latest, Math.max(opening, then.epochMilliseconds)))
  }
  let left = amount * 3_600_000
  for (const [opening, closing] of workFrom(dayOf(moment, calendar), -1, calendar)) {
    const to = Math.min(closing, moment.epochMilliseconds)
    if (to <= opening) continue
    if (to - left >= opening) return instantAt(moment, to - left)
    left -= to - opening
  }
  return undefined
}

/** The same time of day, so many working days on or back. */
function daysAway(
  moment: Temporal.Instant,
  amount: number,
  step: 1 | -1,
  calendar: Calendar,
): Temporal.Instant {
  const local = moment.toZonedDateTimeISO(calendar.timeZone)
  let days = 0
  for (let left = amount; left > 0; ) {
    days += step
    if (isWorking(local.add({ days }).toPlainDate(), calendar)) left -= 1
  }
  return local.add({ days }).toInstant()
}

/** The working times of days, from a day on or back. */
function* workFrom(
  day: Temporal.PlainDate,
  step: 1 | -1,
  calendar: Calendar,
): Generator<readonly [opening: number, closing: number]> {
  for (let days = 0; Math.abs(days) < searched; days += step) {
    const then = day.add({ days })
    if (isWorking(then, calendar)) yield workOf(then, calendar)
  }
}

/** When work begins and ends on a day, in epoch milliseconds. */
function workOf(
  day: Temporal.PlainDate,
  { from, to, timeZone }: Calendar,
): readonly [opening: number, closing: number] {
  const at = (date: Temporal.PlainDate, time: string) =>
    date.toPlainDateTime(time).toZonedDateTime(timeZone).epochMilliseconds
  return [at(day, from), to === '24:00' ? at(day.add({ days: 1 }), '00:00') : at(day, to)]
}

function isWorking(day: Temporal.PlainDate, { days }: WorkingHours): boolean {
  const name = weekdays[day.dayOfWeek - 1]
  return name !== undefined && days.includes(name)
}

function dayOf(moment: Temporal.Instant, { timeZone }: Calendar): Temporal.PlainDate {
  return moment.toZonedDateTimeISO(timeZone).toPlainDate()
}

function instantAt(moment: Temporal.Instant, epochMilliseconds: number): Temporal.Instant {
  return moment.add({ milliseconds: epochMilliseconds - moment.epochMilliseconds })
}
