import type { EventKey } from '../events/bus-event.ts'
import type { NotificationKey, NotificationStore } from './store.ts'

/** What events are about, such as tasks, by tenant and id. */
export interface SubjectStore {
  /** Remembers that a subject is over. */
  close(event: EventKey, subject: string): Promise<void>
  isClosed(tenant: string, subject: string): Promise<boolean>
  /** Its notifications. Reads an index, which knows of a new one some moments later. */
  notificationsOf(tenant: string, subject: string): Promise<NotificationKey[]>
}

export interface CancelPorts {
  readonly subjects: SubjectStore
  readonly notifications: Pick<NotificationStore, 'find' | 'change'>
}

/** Why a notification is CANCELLED. */
export const subjectOver = 'what it tells of is over'

/**
 * Cancels what still waits to be sent about a subject. It is remembered as closed first: events come
 * in no order, and a notification that is not found now is dropped when it is made or delivered.
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
    await notifications.change(record, { state: 'CANCELLED', reason: subjectOver })
  }
}
