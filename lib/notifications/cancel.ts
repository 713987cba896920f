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
}

/** Why a notification is CANCELLED. */
export const subjectClosed = 'its subject is closed'

/**
 * Cancels the waiting notifications about a subject. The subject is closed first: events come in no
 * order, and a notification that the index does not list yet is dropped when it is made or delivered.
 */
export async function cancelWaiting(
  event: EventKey,
  subject: string,
  { subjects, notifications }: CancelPorts,
): Promise<void> {
  await subjects.close(event, subject)
  for (const key of await subjects.notificationsOf(event.tenant, subject)) {
    const record = await notifications.find(key)
    if (record?.state !== 'WAIT_FOR_DISPATCH') continue
    await notifications.change(record, { state: 'CANCELLED', reason: subjectClosed })
  }
}
