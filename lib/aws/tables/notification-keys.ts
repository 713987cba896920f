import { createHash } from 'node:crypto'
import type { EventKey } from '../../events/bus-event.ts'
import type { EventRun } from '../../notifications/event-records.ts'
import type { Notification, NotificationState } from '../../notifications/notification.ts'
import type { DueKind, NotificationKey } from '../../notifications/store.ts'
import { escapeTenant, unescapeTenant } from '../../tenant-name.ts'

/** A key of the notifications table: partition key `event`, sort key `entry`. */
export interface Key {
  readonly event: string
  readonly entry: string
}

/** The table's indexes, by name. */
export const indexes = {
  bySubject: 'bySubject',
  byDue: 'byDue',
  byTenant: 'byTenant',
  byPerson: 'byPerson',
  byState: 'byState',
} as const

const notificationEntry = 'notification#'

export function eventKey({ tenant, eventType, eventId }: EventKey): Key {
  return { event: `${escapeTenant(tenant)}#${eventType}#${eventId}`, entry: 'event' }
}

/** The event's own record; a replay that tells everybody again has one beside it. */
export function runKey({ again, ...event }: EventRun): Key {
  const { entry, event: key } = eventKey(event)
  return { event: key, entry: again === undefined ? entry : `${entry}#${again}` }
}

/** The start of the sort keys of the run's parts. */
export function partPrefix({ again = '' }: EventRun): string {
  return `part#${again}#`
}

export function partKey(run: EventRun, part: number): Key {
  return { event: runKey(run).event, entry: `${partPrefix(run)}${part}` }
}

export function failureKey(event: EventKey): Key {
  return { ...eventKey(event), entry: 'failure' }
}

export function notificationKey(notification: NotificationKey): Key {
  return { ...eventKey(notification), entry: entryOf(notification.notificationId) }
}

export function entryOf(notificationId: string): string {
  return notificationEntry + notificationId
}

/** Sort keys of the tenants' records. */
const tenantEntries = /^(event|failure|subject)$|^(event|part|notification)#/

/**
 * Tells the tenants' records from the table's other items, such as `sent#<tenant>#<id>`, whose partition keys begin
 * like those of a tenant called `sent`.
 */
export function isTenantEntry(entry: unknown): boolean {
  return tenantEntries.test(String(entry))
}

/** Of the three parts of an event's key only the last, the event's id, may contain `#`. */
export function notificationOf({ event, entry }: Key): NotificationKey {
  const [name = '', eventType = '', ...rest] = event.split('#')
  const notificationId = entry.slice(notificationEntry.length)
  return {
    tenant: unescapeTenant(name) ?? name,
    eventType,
    eventId: rest.join('#'),
    notificationId,
  }
}

export function subjectKey(tenant: string, subject: string): string {
  return `${escapeTenant(tenant)}#${subject}`
}

/**
 * The sort key of all lists: the time of creation, and a mark that keeps those of one moment apart.
 *
 * @param createdAt ISO 8601
 */
export function listedAt(createdAt: string, { event, entry }: Key): string {
  const mark = createHash('sha256')
    .update(JSON.stringify([event, entry]))
    .digest('hex')
  return `${createdAt}#${mark.slice(0, 12)}`
}

export function personKey(tenant: string, username: string): string {
  return `${escapeTenant(tenant)}#${username}`
}

/**
 * The states that the index `byState` leaves out: nearly every notification waits and is then sent, and
 * entries for these would cost three more writes each.
 */
const unindexedStates: ReadonlySet<NotificationState> = new Set(['WAIT_FOR_DISPATCH', 'SENT'])

/** @returns undefined for a state that the index `byState` leaves out */
export function stateKey(tenant: string, state: NotificationState): string | undefined {
  return unindexedStates.has(state) ? undefined : `${escapeTenant(tenant)}#${state}`
}

/** In the index `byState`: a tenant's notifications that wait after a failed try. They are few, in contrast to all that wait. */
export function retriedKey(tenant: string): string {
  return `${escapeTenant(tenant)}#RETRIED`
}

/** Due notifications are spread over these keys: one key takes 1,000 writes a second (DynamoDB quotas). */
export const shards = [...'0123456789abcdef']

export function shardOf(notification: Notification): string {
  return placeOf(notification).charAt(0)
}

/** The sort key of a held notification: those that may share a digest stand together. */
export function heldAt(heldUntil: string, notification: Notification): string {
  return `${heldUntil}#${placeOf(notification).slice(0, 12)}`
}

/** The same for all notifications to one address of a person. */
function placeOf({ tenant, username, channel, address }: Notification): string {
  const place = JSON.stringify([tenant, username, channel, address])
  return createHash('sha256').update(place).digest('hex')
}

export function dueKey(kind: DueKind, shard: string): string {
  return `${kind}#${shard}`
}
