import { isRejection } from '../queue-function/fault.ts'
import { digestContent, digestOf, digestSize, type Fits } from './digest.ts'
import { isolateWrite } from './isolate.ts'
import type { KeptNotifications } from './kept.ts'
import type { Notification, QueuedNotification } from './notification.ts'
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
  readonly notifications: Pick<NotificationStore, 'add' | 'change'>
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

function digestFor({ record, content }: Due, n: number): Notification {
  return digestOf({ ...record, address: content.address }, n)
}

/**
 * Puts notifications for one address and moment into digests. Which members a digest has is decided by
 * one conditional write, that of its record, and its content follows from the record. So runs that go on
 * at once agree, whatever each of them found due, and so does a run after one that was killed.
 */
export async function together(
  all: readonly Due[],
  now: Date,
  ports: ParcelPorts,
): Promise<Parcel[]> {
  const parcels: Parcel[] = []
  let rest = all
  for (let n = 0; rest.length > 0; n += 1) {
    const chosen = rest.slice(0, digestSize)
    const digest = digestFor(chosen[0] as Due, n)
    const members = chosen.map(({ record }) => keyOf(record))
    const record = await ports.notifications.add(digest, { state: 'WAIT_FOR_DISPATCH', members })
    const included = new Set(record.members?.map(({ notificationId }) => notificationId))
    const isIncluded = (due: Due) => included.has(due.record.notificationId)
    const mine = rest.filter(isIncluded)
    rest = rest.filter((due) => !isIncluded(due))
    if (mine.length === 0) continue
    const waits = record.state === 'WAIT_FOR_DISPATCH'
    const queued = waits ? await contentOf(digest, record, mine, now, ports) : undefined
    parcels.push({ record, members: mine, ...(queued && { queued }) })
  }
  return parcels
}

function keyOf({ tenant, eventType, eventId, notificationId }: NotificationKey): NotificationKey {
  return { tenant, eventType, eventId, notificationId }
}

/** The content by the digest's record, which may have members that another run has found. */
async function contentOf(
  digest: Notification,
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
