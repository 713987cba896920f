import { isRejection } from '../queue-function/fault.ts'
import { digestContent, digestOf, digestSize, type Fits } from './digest.ts'
import { isolateWrite } from './isolate.ts'
import type { KeptNotifications } from './kept.ts'
import type { QueuedNotification, Sendable } from './notification.ts'
import type { SideBySide } from './side-by-side.ts'
import type { NotificationKey, NotificationRecord, NotificationStore } from './store.ts'

/** A held notification that is due. */
export interface Due {
  readonly record: NotificationRecord
  /** Its address is the present one, which may differ from the record's. */
  readonly content: QueuedNotification
}

/** What is queued as one: a notification, or a digest. */
export interface Parcel {
  readonly record: NotificationRecord
  /** The held notifications that it delivers. */
  readonly members: readonly Due[]
  /** Undefined if it does not wait any more: another run has queued it. */
  readonly queued?: QueuedNotification
}

export interface ParcelPorts {
  readonly notifications: Pick<NotificationStore, 'add' | 'addAll' | 'change'>
  readonly kept: Pick<KeptNotifications, 'load'>
  readonly fits: Fits
}

/** Loads a notification's content. One whose content is lost fails. */
export function open(
  record: NotificationRecord,
  address: string,
  { kept, notifications }: ParcelPorts,
): Promise<Due | undefined> {
  return isolateWrite<Due | undefined>(
    async () => ({ record, content: { ...(await kept.load(record)), address } }),
    async (reason) => {
      await notifications.change(record, { state: 'ERROR', reason })
      return undefined
    },
  )
}

export function alone(due: Due): Parcel {
  return { record: due.record, members: [due], queued: due.content }
}

/** The digest in which the notification comes, if there are not too many. */
export function digestIdOf(due: Due): string {
  return digestFor(due, 0).notificationId
}

function digestFor({ record, content: { channel, address } }: Due, n: number): Sendable {
  return digestOf({ ...record, channel, address }, n)
}

/**
 * Puts each group of notifications, those for one address and moment, into digests. Which members a digest
 * has is decided by one conditional write, that of its record, and its content follows from the record. So
 * runs that go on at once agree, whatever each of them found due, and so does a run after one that was
 * killed.
 *
 * @param n the number of digests that each group may have already
 */
export async function together(
  groups: readonly (readonly Due[])[],
  now: Date,
  ports: ParcelPorts,
  each: SideBySide,
  n = 0,
): Promise<Parcel[]> {
  if (groups.length === 0) return []
  const wishes = groups.map((group) => ({ group, ...wishOf(group, n) }))
  const added = await ports.notifications.addAll(wishes)
  const known = new Map(wishes.map((wish, at) => [wish, added[at]]))
  const decided = await each(
    wishes,
    ({ notification }) => notification,
    async (wish) => {
      const { group, notification, initial } = wish
      const record = known.get(wish) ?? (await ports.notifications.add(notification, initial))
      return divide(group, notification, record, now, ports)
    },
  )
  const done = decided.filter((one) => one !== undefined)
  const parcels = done.flatMap(({ parcel }) => (parcel.members.length > 0 ? [parcel] : []))
  const rest = done.map((one) => one.rest).filter(({ length }) => length > 0)
  return [...parcels, ...(await together(rest, now, ports, each, n + 1))]
}

function wishOf(group: readonly Due[], n: number) {
  const chosen = group.slice(0, digestSize)
  const members = chosen.map(({ record }) => keyOf(record))
  const initial = { state: 'WAIT_FOR_DISPATCH', members } as const
  return { notification: digestFor(group[0] as Due, n), initial }
}

/** The digest with those of the group that it has, and the rest of the group. */
async function divide(
  group: readonly Due[],
  digest: Sendable,
  record: NotificationRecord,
  now: Date,
  ports: ParcelPorts,
): Promise<{ readonly parcel: Parcel; readonly rest: readonly Due[] }> {
  const included = new Set(record.members?.map(({ notificationId }) => notificationId))
  const isIncluded = (due: Due) => included.has(due.record.notificationId)
  const members = group.filter(isIncluded)
  const rest = group.filter((due) => !isIncluded(due))
  const waits = record.state === 'WAIT_FOR_DISPATCH' && members.length > 0
  const queued = waits ? await contentOf(digest, record, members, now, ports) : undefined
  return { parcel: { record, members, ...(queued && { queued }) }, rest }
}

function keyOf({ tenant, eventType, eventId, notificationId }: NotificationKey): NotificationKey {
  return { tenant, eventType, eventId, notificationId }
}

/** The content by the digest's record, which may have members that another run has found. */
async function contentOf(
  digest: Sendable,
  { members = [] }: NotificationRecord,
  mine: readonly Due[],
  now: Date,
  { kept, fits }: ParcelPorts,
): Promise<QueuedNotification> {
  const opened = new Map(mine.map(({ record, content }) => [record.notificationId, content]))
  const contents: QueuedNotification[] = []
  for (const key of members) {
    const content = opened.get(key.notificationId) ?? (await unlessLost(kept.load(key)))
    if (content) contents.push(content)
  }
  return digestContent(digest, { contents, count: members.length }, now, fits)
}

/** A member whose content was lost after the digest was made is counted, but not told of. */
async function unlessLost<Content>(loading: Promise<Content>): Promise<Content | undefined> {
  try {
    return await loading
  } catch (error) {
    if (!isRejection(error)) throw error
    return undefined
  }
}
