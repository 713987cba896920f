import pLimit from 'p-limit'
import type { EventKey } from '../events/bus-event.ts'
import type { NotificationKey, NotificationStore } from './store.ts'

/** The subjects of events, such as tasks, by tenant and id. */
export interface SubjectStore {
  /** Remembers that the subject's event ended it. */
  close(event: EventKey, subject: string): Promise<void>
  isClosed(tenant: string, subject: string): Promise<boolean>
  /** Those of the subjects that are closed. */
  closedOf(tenant: string, subjects: readonly string[]): Promise<ReadonlySet<string>>
  /** The subject's notifications. Reads an index, which lags by moments. */
  notificationsOf(tenant: string, subject: string): Promise<NotificationKey[]>
}

export interface CancelPorts {
  readonly subjects: SubjectStore
  readonly notifications: Pick<NotificationStore, 'find' | 'change'>
  /** Whether the invocation has time for more. */
  hasTime(): boolean
}

/** Why a notification is CANCELLED. */
export const subjectClosed = 'its subject is closed'

/** Notifications looked at together: a bound for connections. */
const concurrent = 10

/**
 * Cancels the waiting notifications about a subject while there is time. The event's own have none. The
 * subject is closed first: a notification that is not cancelled here, for the time or because the index
 * does not list it yet, is dropped when it is made, released or delivered.
 */
export async function cancelWaiting(
  event: EventKey,
  subject: string,
  { subjects, notifications, hasTime }: CancelPorts,
): Promise<void> {
  await subjects.close(event, subject)
  const keys = await subjects.notificationsOf(event.tenant, subject)
  await pLimit(concurrent).map(keys, async (key) => {
    if (!hasTime()) return
    const record = await notifications.find(key)
    if (record?.state !== 'WAIT_FOR_DISPATCH') return
    await notifications.change(record, { state: 'CANCELLED', reason: subjectClosed })
  })
}
