import { asAttribute } from '../events/event-id.ts'
import { traceOf } from '../events/trace.ts'
import { type CancelPorts, cancelWaiting, type Subject } from './cancel.ts'
import type { EventMessage } from './event-message.ts'
import type { NotificationKind } from './kind.ts'
import type { SubjectState } from './subject.ts'
import type { About } from './tell.ts'
import { eventFactsOf } from './templates/event-facts.ts'

export interface AboutPorts extends CancelPorts {
  /** When the event came into its queue. */
  readonly queuedAt?: Date
  now(): Date
}

/**
 * What is known of the event's subject. An event that closes or assigns its subject is remembered, and cancels
 * waiting notifications, but not its own.
 */
export async function aboutOf<Data extends object>(
  kind: NotificationKind<Data>,
  event: EventMessage,
  { data, sent }: { readonly data: Data; readonly sent: object },
  ports: AboutPorts,
): Promise<About> {
  const id = asAttribute(kind.subject?.(data))
  const trace = traceOf(event)
  const open: SubjectState = { isClosed: false }
  if (id === undefined) return { state: open, ...trace }
  const { tenant } = event
  const subject = { id, due: eventFactsOf(data).due }
  if (kind.closes) {
    if (!event.part && !event.failed) {
      await ports.subjects.close(event, subject)
      await cancelWaiting(tenant, id, { isClosed: true }, ports)
    }
    // Its own notifications have no subject: nothing is to cancel them.
    return { state: open, ...trace }
  }
  // A message for some people, or a replay that tells again, says nothing new of its subject.
  const isNew = !event.part && !event.failed && event.again === undefined
  if (typeof kind.reminds !== 'function' || !isNew) {
    return { subject: id, state: await ports.subjects.stateOf(tenant, id), ...trace }
  }
  const state = await assign(event, subject, kind.reminds(sent).names.length > 0, ports)
  await cancelWaiting(tenant, id, state, ports)
  return { subject: id, state, ...trace }
}

/** A task without an assignee is back in its pool, unless it has always been there. */
async function assign(
  { tenant, eventId, time, sentAt }: EventMessage,
  subject: Subject,
  hasAssignee: boolean,
  { queuedAt = new Date(0), subjects, now }: AboutPorts,
): Promise<SubjectState> {
  const times = [time, sentAt].map((text) => new Date(text ?? Number.NaN))
  const at = (times.find((date) => !Number.isNaN(date.getTime())) ?? now()).toISOString()
  const isOffer = !hasAssignee && isOffered(await subjects.stateOf(tenant, subject.id))
  const state = await subjects.assign(tenant, subject, {
    ...{ eventId, at, order: `${queuedAt.toISOString()} ${eventId}` },
    ...(isOffer && { isOffer }),
  })
  if (!hasAssignee || !state.assigned?.isOffer) return state
  // Its assignment comes late: the task was not offered later, but went back to its pool.
  const { isOffer: _, ...back } = state.assigned
  return subjects.assign(tenant, subject, back)
}

/** Whether nobody is known to have had the task. */
function isOffered({ assigned }: SubjectState): boolean {
  return assigned === undefined || assigned.isOffer === true
}
