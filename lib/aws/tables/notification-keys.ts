import { createHash } from 'node:crypto'
import type { EventKey } from '../../events/bus-event.ts'
import type { Notification } from '../../notifications/notification.ts'
import type { DueKind, NotificationKey } from '../../notifications/store.ts'

/** A key of the notifications table: partition key `event`, sort key `entry`. */
export interface Key {
  readonly event: string
  readonly entry: string
}

/** The table's indexes, by name. */
export const indexes = { bySubject: 'bySubject', byDue: 'byDue', byTenant: 'byTenant' } as const

const notificationEntry = 'notification#'

export function eventKey({ tenant, eventType, eventId }: EventKey): Key {
  return { event: `${tenant}#${eventType}#${eventId}`, entry: 'event' }
}

export function failureKey(event: EventKey): Key {
  return { ...eventKey(event), entry: 'failure' }
}

export function notificationKey(notification: NotificationKey): Key {
  return { ...eventKey(notification), entry: notificationEntry + notification.notificationId }
}

/** Of the three parts of an event's key only the last, the event's id, may contain `#`. */
export function notificationOf({ event, entry }: Key): NotificationKey {
  const [tenant = '', eventType = '', ...rest] = event.split('#')
  const notificationId = entry.slice(notificationEntry.length)
  return { tenant, eventType, eventId: rest.join('#'), notificationId }
}

export function subjectKey(tenant: string, subject: string): string {
  return `${tenant}#${subject}`
}

/** Due notifications are spread over these keys: one key takes 1,000 writes a second (DynamoDB quotas). */
export const shards = [...'0123456789abcdef']

/** The same for all notifications that may share a digest. */
export function shardOf({ tenant, username, channel, address }: Notification): string {
  const place = JSON.stringify([tenant, username, channel, address])
  return createHash('sha256').update(place).digest('hex').charAt(0)
}

export function dueKey(kind: DueKind, shard: string): string {
  return `${kind}#${shard}`
}
