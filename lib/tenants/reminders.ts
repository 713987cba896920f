import * as z from 'zod'
import { late } from '../late.ts'
import { timeOfDay } from '../time-of-day.ts'

/** One reminder of a task: when, and whom. */
export interface Reminder {
  /** As it is written in its canonical form, which tells reminders apart: `1d before due`. */
  readonly text: string
  /** `untaken`: nobody of the task's pool has taken it. */
  readonly when: 'before due' | 'overdue' | 'untaken'
  /** How long before the due date, after it, or after the task was offered. */
  readonly amount: number
  /** Working hours or working days. */
  readonly unit: 'h' | 'd'
  /** `recipient`: those who have the task on their list. */
  readonly to: 'recipient' | 'initiator'
}

/** Reminders of one action at most. */
export const maxReminders = 5

/** Days ahead after which nobody is reminded: how long a reminder's content is kept (serverless.yml). */
export const furthestDays = 366

/** Working days, and as many hours, at most. */
const longest = { d: 20, h: 160 }

const howToWrite =
  'write "1d before due", "overdue", "2h overdue" or "4h untaken", up to 20d or 160h, with ", tell initiator" for the task\'s initiator'

const form = /^(?:(\d{1,3})\s*([hd])\s+)?(before\s+due|overdue|untaken)(\s*,\s*tell\s+initiator)?$/

/** @returns undefined for a text that is not a reminder */
export function parseReminder(given: string): Reminder | undefined {
  const [isForm, number, letter = 'h', event = '', escalates] = form.exec(given.trim()) ?? []
  if (isForm === undefined) return undefined
  const when = event.replace(/\s+/, ' ') as Reminder['when']
  const unit = letter as Reminder['unit']
  const amount = Number(number ?? 0)
  if (amount > longest[unit] || (amount === 0 && when !== 'overdue')) return undefined
  const span = amount === 0 ? '' : `${amount}${unit} `
  return {
    ...{ when, amount, unit },
    text: `${span}${when}${escalates === undefined ? '' : ', tell initiator'}`,
    to: escalates === undefined ? 'recipient' : 'initiator',
  }
}

const reminder = late(() =>
  z.string().transform((given, context) => {
    const parsed = parseReminder(given)
    if (parsed) return parsed.text
    context.addIssue({ code: 'custom', message: `"${given}" is not a reminder: ${howToWrite}` })
    return z.NEVER
  }),
)

/** Reminders as they are written, in their canonical forms. */
export const reminders = late(() =>
  z
    .array(reminder)
    .max(maxReminders, `has more than ${maxReminders} reminders`)
    .transform((all) => [...new Set(all)]),
)

/** The usual reminders, for a tenant with `reminders: true`. */
export const usualReminders = [
  '1d before due',
  'overdue',
  '4h untaken',
  '8h untaken, tell initiator',
] as const

/** A tenant's reminders, for all of its people whose subscription or rule does not name its own. */
export const tenantReminders = late(() =>
  z.preprocess(
    (given) => (given === true ? usualReminders : given === false ? [] : given),
    reminders,
  ),
)

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** When people work, by the clock of each of them. */
export interface WorkingHours {
  /** 00:00 to 23:59. */
  readonly from: string
  /** 00:01 to 24:00. */
  readonly to: string
  readonly days: readonly Weekday[]
}

export const defaultWorkingHours: WorkingHours = {
  ...{ from: '09:00', to: '18:00' },
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
}

const notClosingTime = 'must be a 24-hour time of day, such as 18:00, or 24:00'
const closingTime = late(() =>
  z.string(notClosingTime).regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, notClosingTime),
)

/** `always` stands for all hours of all days. */
export const workingHours = late(() =>
  z.preprocess(
    (given) => (given === 'always' ? { from: '00:00', to: '24:00', days: [...weekdays] } : given),
    z
      .strictObject(
        {
          from: timeOfDay.default(defaultWorkingHours.from),
          to: closingTime.default(defaultWorkingHours.to),
          days: z
            .array(z.enum(weekdays, { error: `must be one of ${weekdays.join(', ')}` }))
            .min(1)
            .default([...defaultWorkingHours.days]),
        },
        {
          error: () =>
            'write {from: "09:00", to: "18:00", days: [mon, tue, wed, thu, fri]} or always',
        },
      )
      .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be later than from' }),
  ),
)

/** How the people of a tenant are reminded of tasks. */
export interface ReminderSettings {
  /** For those whose action does not name its own (default: none). */
  readonly reminders?: readonly string[]
  /** Default: `defaultWorkingHours`. */
  readonly workingHours?: WorkingHours
}
