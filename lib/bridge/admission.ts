import { mostEntries } from './publish/bus.ts'
import { createFairQueue } from './publish/fair-queue.ts'

/**
 * Does the work for a message of this tenant as soon as there is room.
 *
 * @param work `leave` gives the message's place away before the work is done
 */
export type Admit = <Result>(
  tenant: string,
  work: (leave: () => void) => Promise<Result>,
) => Promise<Result>

/**
 * A message that waits for the bus unread is a few bytes outside V8's heap; once read it is several kilobytes in
 * it, which V8 copies at each collection. So no more are read than the calls in flight, and the next ones, take.
 * Tenants are admitted in turn.
 *
 * @param room messages that may have a place at once
 */
export function createAdmission(room: () => number): Admit {
  const waiting = createFairQueue<() => void>(mostEntries)
  let inside = 0

  return async (tenant, work) => {
    if (inside < room()) inside += 1
    else await new Promise<void>((enter) => waiting.push(tenant, enter))
    let left = false
    const leave = () => {
      if (left) return
      left = true
      inside -= 1
      letIn()
    }
    try {
      return await work(leave)
    } finally {
      leave()
    }
  }

  function letIn(): void {
    while (waiting.size > 0 && inside < room()) {
      inside += 1
      waiting.take()?.()
    }
  }
}
