import type { Envelope } from '../events/envelope.ts'
import { collectFailures } from './collect-failures.ts'
import type { NotificationState } from './notification.ts'
import { resultEvent } from './result-event.ts'
import type { DueNotifications, NotificationRecord, NotificationStore } from './store.ts'
import { isResult, type Result } from './store.ts'

export interface ResultPorts {
  readonly notifications: Pick<NotificationStore, 'announced'>
  /** Resolves when the event is on the bus. */
  putOnBus(event: Envelope): Promise<void>
}

/**
 * Puts a notification's result on the bus. The record says that this is outstanding, so that
 * `announceOutstanding` repeats a failed announcement; a repeated one has the same id.
 */
export async function announce(record: NotificationRecord, ports: ResultPorts): Promise<void> {
  await ports.putOnBus(resultEvent(record))
  await ports.notifications.announced(record)
}

/** CANCELLED is announced if a delivery had failed when it was cancelled. */
export function isAnnounced(state: NotificationState): state is Result | 'CANCELLED' {
  return isResult(state) || state === 'CANCELLED'
}

export interface OutstandingPorts extends ResultPorts {
  readonly dueNotifications: Pick<DueNotifications, 'due'>
  /** Ends the run: what is still due is left to the next one. */
  readonly deadline: AbortSignal
  onAnnounced?(record: NotificationRecord): void
}

/**
 * Announces the results that their senders could not.
 *
 * @returns how many
 * @throws EcosError `notifications-left` if some failed, after all others were announced
 */
export async function announceOutstanding(now: Date, ports: OutstandingPorts): Promise<number> {
  const failures = collectFailures()
  let count = 0
  const lines = ports.dueNotifications.due('result', now).map(async (line) => {
    for await (const records of line) {
      for (const record of records.filter(({ state }) => isAnnounced(state))) {
        if (ports.deadline.aborted) return
        await failures.guard(record, async () => {
          await announce(record, ports)
          ports.onAnnounced?.(record)
          count += 1
        })
      }
    }
  })
  const ends = await Promise.allSettled(lines)
  failures.throwIfAny()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return count
}
