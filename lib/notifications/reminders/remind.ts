import { chunks } from '../../chunks.ts'
import { traceOf } from '../../events/trace.ts'
import type { ReminderSettings } from '../../tenants/reminders.ts'
import { type DispatchPorts, dispatch, type Plan } from '../dispatch.ts'
import { type Notification, notificationId, reminderType } from '../notification.ts'
import { assignedBy } from '../subject.ts'
import {
  remindedType,
  type Subscriber,
  type SubscriptionStore,
} from '../subscriptions/subscriptions.ts'
import { queuedOf, type Telling } from '../tell.ts'
import { peopleIn } from '../templates/event-facts.ts'
import type { Render } from '../templates/render.ts'
import { type PlannedReminder, planReminders } from './plan-reminders.ts'

export interface RemindPorts extends DispatchPorts {
  readonly subscriptions: Pick<SubscriptionStore, 'find'>
  /** The tenant's language; undefined for an unknown tenant. */
  localeOf(tenant: string): string | undefined
  /** How the tenant's people are reminded; by default of nothing. */
  remindersOf?(tenant: string): ReminderSettings & { readonly timeZone?: string }
  readonly render: Render
  now(): Date
}

/** Reminders that are stored together: as many as one call of DynamoDB takes. */
const groupSize = 25

/**
 * Prepares to remind people of the event's task. A reminder is a held notification, stored once for each task,
 * assignment, person and place, however often and in whatever order the task's events come. It is looked at
 * again when it is due.
 */
export function reminding<Data extends object>(
  telling: Telling<Data>,
  ports: RemindPorts,
): (subscribers: readonly Subscriber[]) => Promise<void> {
  const { kind, event, data, about } = telling
  const { subject, state } = about
  const { tenant } = event
  let initiator: Promise<Subscriber[]> | undefined
  const findInitiator = () => {
    const { initiator: username } = peopleIn(data)
    initiator ??= username
      ? ports.subscriptions.find(tenant, [username], remindedType)
      : Promise.resolve([])
    return initiator
  }
  return async (subscribers) => {
    if (subject === undefined || state.isClosed || kind.reminds === undefined) return
    const isTaken = kind.reminds !== 'recipients'
    const taking = isTaken ? event.eventId : undefined
    if (assignedBy(state) !== taking) return
    const settings = ports.remindersOf?.(tenant) ?? {}
    const { reminders = [] } = settings
    if (reminders.length === 0 && !subscribers.some(asksForReminders)) return
    const of = { data, settings, isTaken }
    const planned = await planReminders(of, subscribers, findInitiator, ports.now())
    const plans = planned.map((one) => planOf(one, telling, { subject, taking }, ports))
    for (const some of chunks(plans, groupSize)) await dispatch(some, ports)
  }
}

function asksForReminders({ actions }: Subscriber): boolean {
  return actions.some(({ reminders = [] }) => reminders.length > 0)
}

function planOf<Data extends object>(
  { reminder, place, at }: PlannedReminder,
  { event, data, about, people }: Telling<Data>,
  { subject, taking }: { readonly subject: string; readonly taking: string | undefined },
  { render, localeOf, now }: RemindPorts,
): Plan {
  const { tenant } = event
  const { username, channel, address, locale, timeZone, customData } = place
  const { text, to, when } = reminder
  const parts = {
    ...{ tenant, eventType: reminderType, eventId: subject, username, channel, address, subject },
    reminder: { text, to, ...(taking !== undefined && { assignedBy: taking }) },
  }
  const notification: Notification = {
    ...{ ...parts, notificationId: notificationId(parts) },
    ...traceOf(about),
  }
  const reader = { tenant, channel, locale, timeZone, people, customData, now: at }
  const content = () => {
    const reminded = { ...data, reminder: { when, to } }
    return render({ type: reminderType }, reminded, { ...reader, tenantLocale: localeOf(tenant) })
  }
  return {
    notification,
    initial: { state: 'WAIT_FOR_DISPATCH', heldUntil: at.toISOString(), digest: false },
    queued: () => queuedOf(notification, place, content(), now()),
  }
}
