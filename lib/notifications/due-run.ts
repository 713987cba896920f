import { type ReleasePorts, releaseHeld } from './held.ts'
import { announceOutstanding, type OutstandingPorts } from './results.ts'
import type { DueNotifications } from './store.ts'

export type DueRunPorts = ReleasePorts &
  OutstandingPorts & {
    readonly dueNotifications: DueNotifications
    now(): Date
    /** Waits so many milliseconds, or until the deadline. */
    pause(milliseconds: number): Promise<void>
  }

export interface DueReport {
  readonly released: number
  readonly announced: number
}

/** Milliseconds between two looks at what is due, however soon more is. */
const shortestPause = 1_000

/**
 * Does all that is due, and waits for what will be due before the run's end: a schedule can't be finer
 * than a minute.
 *
 * @throws EcosError `notifications-left` if some failed, after all others were done
 */
export async function runDue(end: Date, ports: DueRunPorts): Promise<DueReport> {
  let [released, announced] = [0, 0]
  for (;;) {
    const now = ports.now()
    const [held, results] = await Promise.allSettled([
      releaseHeld(now, ports),
      announceOutstanding(now, ports),
    ])
    // Both have run to their end: a failure of one does not stop the other.
    if (held.status === 'rejected') throw held.reason
    if (results.status === 'rejected') throw results.reason
    released += held.value
    announced += results.value
    const next = await ports.dueNotifications.next('held', now, end)
    if (next === undefined || ports.deadline.aborted) return { released, announced }
    await ports.pause(Math.max(shortestPause, next.getTime() - ports.now().getTime()))
  }
}
