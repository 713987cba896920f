import { supersede } from './chain.ts'
import { collectFailures, type FailureCollector } from './collect-failures.ts'
import { type ForgetPorts, forgetReminder } from './forget-reminder.ts'
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
import { type SideBySide, sideBySide } from './side-by-side.ts'
import type { DueNotifications, NotificationRecord, NotificationStore } from './store.ts'

export interface ReleasePorts extends LookAgainPorts, ParcelPorts, QueueParcelsPorts, ForgetPorts {
  readonly dueNotifications: Pick<DueNotifications, 'due'>
  readonly notifications: Pick<
    NotificationStore,
    'find' | 'add' | 'addAll' | 'change' | 'hold' | 'releaseAll'
  >
  readonly kept: ParcelPorts['kept'] & QueueParcelsPorts['kept'] & ForgetPorts['kept']
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
  const each = sideBySide(failures, concurrency)
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

async function releaseAll(
  records: readonly NotificationRecord[],
  now: Date,
  ports: ReleasePorts,
  { each, failures }: { readonly each: SideBySide; readonly failures: FailureCollector },
): Promise<number> {
  const held = records.filter(({ heldUntil }) => heldUntil !== undefined)
  const presently = await present(held, ports, now)
  const settled = await each(
    held,
    (record) => record,
    (record) => settle(record, presently, now, ports),
  )
  const due = settled.filter((one) => typeof one === 'object')
  const groups = Map.groupBy(
    due.filter(({ record }) => record.digest),
    digestIdOf,
  )
  const digests = await together([...groups.values()], now, ports, each)
  const singles = due.filter(({ record }) => !record.digest).map(alone)
  const queued = await queueParcels([...singles, ...digests], now, ports, failures)
  const ended = settled.filter((one) => one === 'over').length
  return ended + (await release(queued, ports))
}

async function settle(
  record: NotificationRecord,
  presently: Present,
  now: Date,
  ports: ReleasePorts,
): Promise<Due | 'over' | 'held'> {
  const verdict = await lookAgain(record, presently, now, ports)
  if (verdict.is === 'held') {
    await ports.notifications.hold(record, verdict.until)
    return 'held'
  }
  if (verdict.is === 'due') await supersede(record, ports.notifications)
  const due = verdict.is === 'due' ? await open(record, verdict.address, ports) : undefined
  if (due) return due
  if (verdict.is === 'over') {
    if (verdict.change) await ports.notifications.change(record, verdict.change)
    else await ports.notifications.releaseAll([{ notification: record }])
    await forgetReminder(record, verdict.change?.state ?? record.state, ports)
  }
  ports.onReleased?.(record, 'over')
  return 'over'
}

/** @returns how many are no longer held; any other is due again, and is not delivered twice */
async function release(
  parcels: readonly Parcel[],
  { notifications, onReleased }: ReleasePorts,
): Promise<number> {
  const releases = parcels.flatMap(({ record, members }) =>
    members.map((member) => {
      const { address } = member.content
      const isMoved = address !== member.record.address
      return {
        notification: member.record,
        ...(record !== member.record && { digestId: record.notificationId }),
        ...(isMoved && { address }),
      }
    }),
  )
  const isReleased = await notifications.releaseAll(releases)
  const released = releases.filter((_, at) => isReleased[at])
  for (const { notification, digestId } of released) {
    onReleased?.(notification, digestId === undefined ? 'queued' : 'in-digest', digestId)
  }
  return released.length
}
