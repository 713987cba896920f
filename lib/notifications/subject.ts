import type { Notification } from './notification.ts'

/** An event that assigned a task, or gave it back to its pool. */
export interface Assignment {
  readonly eventId: string
  /** ISO 8601, in UTC: of two assignments the later counts, whichever is handled first. */
  readonly at: string
  /**
   * Of two at the same time, which may be a whole second, the greater one counts: the millisecond in which it came
   * into its queue, then the event's id.
   */
  readonly order: string
  /** It names nobody, and nobody is known to have had the task before: its pool is still reminded. */
  readonly isOffer?: true
}

/** What the events about a subject, such as a task, have said so far. */
export interface SubjectState {
  /** An event has ended it. */
  readonly isClosed: boolean
  /** The latest assignment. */
  readonly assigned?: Assignment
}

/** Whether the assignment counts, where another one is known; the same one does. */
export function isLatest(assignment: Assignment, known: Assignment | undefined): boolean {
  if (known === undefined || assignment.at !== known.at) return !known || assignment.at > known.at
  return assignment.order >= known.order
}

/** The event by which somebody got the task; undefined for a task that is offered to its pool. */
export function assignedBy({ assigned }: SubjectState): string | undefined {
  return assigned?.isOffer ? undefined : assigned?.eventId
}

/** Why a notification is CANCELLED. */
export const subjectClosed = 'its subject is closed'

/**
 * Why a notification is not worth sending any more; undefined if it is. Each assignment of a task makes
 * reminders of its own, which replace all earlier ones.
 */
export function whyOver(
  { reminder }: Pick<Notification, 'reminder'>,
  state: SubjectState,
): string | undefined {
  if (state.isClosed) return subjectClosed
  const isReplaced = reminder !== undefined && reminder.assignedBy !== assignedBy(state)
  return isReplaced ? 'the task was assigned' : undefined
}
