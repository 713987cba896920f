import { Temporal } from 'temporal-polyfill'
import {
  defaultWorkingHours,
  furthestDays,
  type Reminder,
  type WorkingHours,
} from '../../tenants/reminders.ts'
import { workingTimeAfter, workingTimeBefore } from './working-time.ts'

/** Milliseconds after the due date, or after now, at which the last reminders come. Longer than 20 days of four-day weeks. */
const lateness = 45 * 86_400_000

/** What the moment of a reminder depends on. */
export interface MomentOptions {
  /** Epoch milliseconds. Undefined for a task without a due date. */
  readonly due: number | undefined
  readonly now: Date
  /** IANA: the reader's. */
  readonly timeZone: string
  readonly workingHours?: WorkingHours | undefined
}

/** @returns undefined if it has passed, lies too far away, or needs a due date that there is not */
export function momentOf(reminder: Reminder, options: MomentOptions): Date | undefined {
  const { due, now, timeZone, workingHours = defaultWorkingHours } = options
  const from = reminder.when === 'untaken' ? now.getTime() : due
  const furthest = now.getTime() + furthestDays * 86_400_000
  // A date beyond what Temporal computes with is further than that.
  if (from === undefined || !(Math.abs(from) < 2 * furthest)) return undefined
  const start = Temporal.Instant.fromEpochMilliseconds(Math.trunc(from))
  const reckon = reminder.when === 'before due' ? workingTimeBefore : workingTimeAfter
  const moment = reckon(start, reminder, { ...workingHours, timeZone })?.epochMilliseconds
  if (moment === undefined) return undefined
  const last = Math.min(furthest, Math.max(from, now.getTime()) + lateness)
  return moment > now.getTime() && moment <= last ? new Date(moment) : undefined
}
