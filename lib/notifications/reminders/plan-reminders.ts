import { parseReminder, type Reminder, type ReminderSettings } from '../../tenants/reminders.ts'
import { defaultTimeZone } from '../../time-zone.ts'
import { isolate } from '../isolate.ts'
import { reminderType } from '../notification.ts'
import { isFailed, planNotifications, type SendableNotification } from '../plan.ts'
import { isTimeZone } from '../subscriptions/preferences.ts'
import type { Subscriber } from '../subscriptions/subscriptions.ts'
import { eventFactsOf } from '../templates/event-facts.ts'
import { outsideQuietHours } from '../timing.ts'
import { momentOf } from './moment.ts'

/** A task's event, and how its tenant's people are reminded. */
export interface RemindedEvent {
  readonly data: object
  readonly settings: ReminderSettings & { readonly timeZone?: string }
  /** Whether somebody has the task: `untaken` reminds of it no more. */
  readonly isTaken: boolean
}

/** A place to which a person's notifications go. */
type Place = SendableNotification & { readonly subscriber: Subscriber }

export interface PlannedReminder {
  readonly reminder: Reminder
  readonly place: SendableNotification
  readonly at: Date
}

/** Reminders of one person of one task at most. */
const maxOfPerson = 20

/**
 * Plans the reminders of a task, at the places to which the subscribers' notifications of it go. Preferences
 * that block a place or can't be followed have none: the notification itself says so.
 *
 * @param findInitiator finds the task's initiator, if somebody's reminders are to be told to them
 */
export async function planReminders(
  event: RemindedEvent,
  subscribers: readonly Subscriber[],
  findInitiator: () => Promise<readonly Subscriber[]>,
  now: Date,
): Promise<PlannedReminder[]> {
  const remindersOf = ({ reminders = event.settings.reminders ?? [] }: Place) =>
    reminders
      .flatMap((text) => orNone(() => [parseReminder(text) ?? []].flat()))
      .filter(({ when }) => !event.isTaken || when !== 'untaken')
  const places = placesOf(event, subscribers, now).map(
    (place) => [place, remindersOf(place)] as const,
  )
  const escalated = new Map(
    places
      .flatMap(([, all]) => all)
      .filter(isEscalation)
      .map((one) => [one.text, one]),
  )
  const others = escalated.size > 0 ? placesOf(event, await findInitiator(), now) : []
  const wished = [
    ...places.map(([place, all]) => [place, all.filter((one) => !isEscalation(one))] as const),
    ...others.map((place) => [place, [...escalated.values()]] as const),
  ]
  const planned = wished.flatMap(([place, all]) => orNone(() => planAt(event, place, all, now)))
  const ofPeople = Map.groupBy(planned, ({ place }) => place.username)
  return [...ofPeople.values()].flatMap((some) => some.slice(0, maxOfPerson))
}

/** A reminder that can't be planned is left out, and costs nobody else theirs. */
function orNone<Result>(plan: () => readonly Result[]): readonly Result[] {
  return isolate(plan, () => [])
}

function isEscalation({ to }: Reminder): boolean {
  return to === 'initiator'
}

/** Preferences may allow reminders where they forbid the event itself, and the other way round. */
function placesOf({ data }: RemindedEvent, subscribers: readonly Subscriber[], now: Date): Place[] {
  return subscribers.flatMap((subscriber) =>
    planNotifications({ eventType: reminderType, data }, [subscriber], now).flatMap((planned) => {
      const { timing } = planned
      if (isFailed(planned) || timing.when === 'blocked') return []
      // Where a place only stands in for another, the other one is reminded at.
      if (timing.when === 'later' && timing.awaits) return []
      return [{ ...planned, subscriber }]
    }),
  )
}

function planAt(
  { data, settings }: RemindedEvent,
  { subscriber, ...place }: Place,
  reminders: readonly Reminder[],
  now: Date,
): PlannedReminder[] {
  const { due } = eventFactsOf(data)
  // Intl knows zones, such as IST, with which Temporal can't compute.
  const timeZone = [place.timeZone, settings.timeZone].find(isComputable) ?? defaultTimeZone
  const { workingHours } = settings
  return reminders.flatMap((reminder) => {
    const moment = momentOf(reminder, { due, now, timeZone, workingHours })
    if (moment === undefined) return []
    return [
      { reminder, place, at: outsideQuietHours(subscriber.preferences, reminderType, moment) },
    ]
  })
}

function isComputable(timeZone: string | undefined): timeZone is string {
  return timeZone !== undefined && isTimeZone(timeZone)
}
