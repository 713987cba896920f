import pLimit from 'p-limit'
import type { EventKey } from '../events/bus-event.ts'
import { type ForgetPorts, forgetReminder } from './forget-reminder.ts'
import type { NotificationKey, NotificationStore } from './store.ts'
import { type Assignment, type SubjectState, whyOver } from './subject.ts'

/** The subjects of events, such as tasks, by tenant and id. */
export interface SubjectStore {
  /** Remembers that an event ended the subject. */
  close(event: EventKey, subject: Subject): Promise<void>
  /** Remembers the assignment unless a later one is known. @returns what is known then */
  assign(tenant: string, subject: Subject, assignment: Assignment): Promise<SubjectState>
  stateOf(tenant: string, subjectId: string): Promise<SubjectState>
  /** What is known of those of which anything is, by their ids. */
  statesOf(
    tenant: string,
    subjectIds: readonly string[],
  ): Promise<ReadonlyMap<string, SubjectState>>
  /** The subject's notifications. Reads an index, which lags by moments. */
  notificationsOf(tenant: string, subjectId: string): Promise<NotificationKey[]>
}

export interface Subject {
  readonly id: string
  /** Of a task, if it has one. Epoch milliseconds: it is remembered for longer than anybody is reminded of it. */
  readonly due?: number | undefined
}

export interface CancelPorts extends ForgetPorts {
  readonly subjects: SubjectStore
  readonly notifications: Pick<NotificationStore, 'find' | 'change'>
  /** Whether the invocation has time for more. */
  hasTime(): boolean
}

/** Notifications looked at together: a bound for connections. */
const concurrent = 10

/**
 * Cancels the waiting notifications about a subject that are over, while there is time. The event that
 * closes a subject has none of its own. What has become of the subject is on record before: a notification
 * that is not cancelled here, for the time or because the index does not list it yet, is dropped when it
 * is made, released or delivered.
 */
export async function cancelWaiting(
  tenant: string,
  subjectId: string,
  state: SubjectState,
  ports: CancelPorts,
): Promise<void> {
  const { subjects, notifications, hasTime } = ports
  const keys = await subjects.notificationsOf(tenant, subjectId)
  await pLimit(concurrent).map(keys, async (key) => {
    if (!hasTime()) return
    const record = await notifications.find(key)
    if (record === undefined) return
    // Those that an operator cancelled, too, and where it failed before.
    if (state.isClosed) await forgetReminder(record, record.state, ports)
    if (record.state !== 'WAIT_FOR_DISPATCH') return
    const reason = whyOver(record, state)
    if (reason === undefined) return
    await notifications.change(record, { state: 'CANCELLED', reason })
    await forgetReminder(record, 'CANCELLED', ports)
  })
}
