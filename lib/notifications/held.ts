import pLimit from 'p-limit'
import { collectFailures, type FailureCollector } from './collect-failures.ts'
import { type LookAgainPorts, lookAgain, type Present, present } from './look-again.ts'
import {
  alone,
  type Due,
  digestIdOf,
  open,
  type Parcel,
  type ParcelPorts,
  together,
} from './parcels.ts'
import { type QueueParcelsPorts, queueParcels } from './queue-parcels.ts'
import type { DueNotifications, NotificationRecord, NotificationStore } from './store.ts'

export interface ReleasePorts extends LookAgainPorts, ParcelPorts, QueueParcelsPorts {
  readonly dueNotifications: DueNotifications
  readonly notifications: Pick<NotificationStore, 'find' | 'add' | 'change' | 'release'>
  readonly kept: ParcelPorts['kept'] & QueueParcelsPorts['kept']
  /** Ends the run: what is still due is left to the next one. */
  readonly deadline: AbortSignal
  /** Called for each notification that is no longer held, with its digest's id if it has one. */
  onReleased?(notification: NotificationRecord, outcome: ReleaseOutcome, digestId?: string): void
}

/** `over`: it is not sent, for the reason on record. */
export type ReleaseOutcome = 'queued' | 'in-digest' | 'over'

/** Notifications worked on at the same time. */
const concurrency = 32

/**
 * Queues the held notifications that are due, those for a digest together. May be repeated at any point,
 * and runs may go on at once: a notification or a digest that is queued twice is delivered once.
 *
 * @returns how many are no longer held
 * @throws EcosError `notifications-left` if some failed, after all others were released
 */
export async function releaseHeld(now: Date, ports: ReleasePorts): Promise<number> {
  const failures = collectFailures()
  const limit = pLimit(concurrency)
  const each: Each = (items, recordOf, work) =>
    Promise.all(items.map((item) => limit(() => failures.guard(recordOf(item), () => work(item)))))
  let count = 0
  const lines = ports.dueNotifications.due('held', now).map(async (line) => {
    for await (const records of line) {
      const released = await releaseAll(records, now, ports, { each, failures })
      count += released
      if (ports.deadline.aborted) break
    }
  })
  const ends = await Promise.allSettled(lines)
  failures.throwIfAny()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return count
}

/** Works on items side by side, within a bound. A failure is collected, and its result is undefined. */
type Each = <Item, Result>(
  items: readonly Item[],
  recordOf: (item: Item) => NotificationRecord,
  work: (item: Item) => Promise<Result>,
) => Promise<(Result | undefined)[]>

async function releaseAll(
  records: readonly NotificationRecord[],
  now: Date,
  ports: ReleasePorts,
  { each, failures }: { readonly each: Each; readonly failures: FailureCollector },
): Promise<number> {
  const held = records.filter(({ heldUntil }) => heldUntil !== undefined)
  const presently = await present(held, ports)
  const settled = await each(held, itself, (record) => settle(record, presently, ports))
  const due = settled.filter((one) => typeof one === 'object')
  const groups = Map.groupBy(
    due.filter(({ record }) => record.digest),
    digestIdOf,
  )
  const digests = await each([...groups.values()], firstRecord, (members) =>
    together(members, now, ports),
  )
  const singles = due.filter(({ record }) => !record.digest).map(alone)
  const parcels = [...singles, ...digests.flatMap((made) => made ?? [])]
  const queued = await queueParcels(parcels, now, ports, failures)
  const members = queued.flatMap((parcel) => parcel.members.map((due) => ({ due, parcel })))
  const released = await each(
    members,
    ({ due }) => due.record,
    ({ due, parcel }) => release(due, parcel, ports),
  )
  return settled.filter((one) => one === 'over').length + released.filter(Boolean).length
}

function itself(record: NotificationRecord): NotificationRecord {
  return record
}

function firstRecord([first]: readonly Due[]): NotificationRecord {
  return (first as Due).record
}

async function settle(
  record: NotificationRecord,
  presently: Present,
  ports: ReleasePorts,
): Promise<Due | 'over'> {
  const verdict = await lookAgain(record, presently, ports)
  const due = verdict.is === 'due' ? await open(record, verdict.address, ports) : undefined
  if (due) return due
  if (verdict.is === 'over') {
    if (verdict.change) await ports.notifications.change(record, verdict.change)
    else await ports.notifications.release(record)
  }
  ports.onReleased?.(record, 'over')
  return 'over'
}

async function release(
  { record, content: { address } }: Due,
  parcel: Parcel,
  { notifications, onReleased }: ReleasePorts,
): Promise<true> {
  const digestId = parcel.record === record ? undefined : parcel.record.notificationId
  const isMoved = address !== record.address
  await notifications.release(record, {
    ...(digestId !== undefined && { digestId }),
    ...(isMoved && { address }),
  })
  onReleased?.(record, digestId === undefined ? 'queued' : 'in-digest', digestId)
  return true
}
