import { mostEntries } from './publish/bus.ts'
import { createFairQueue } from './publish/fair-queue.ts'

/** Bounds the messages that are read and not settled. Tenants are admitted in turn. */
export interface Admission {
  /** Takes a place. @returns undefined if there is room, or resolves when there is */
  enter(tenant: string): Promise<void> | undefined
  /** Gives the place to the next. */
  leave(): void
}

/**
 * A message that waits for the bus unread is a few bytes outside V8's heap; once read it is several kilobytes in
 * it, which V8 copies at each collection. So no more are read than the calls in flight, and the next ones, take.
 *
 * @param room messages that may have a place at once
 */
export function createAdmission(room: () => number): Admission {
  const waiting = createFairQueue<() => void>(mostEntries)
  let inside = 0

  return {
    enter(tenant) {
      if (inside >= room()) return new Promise((enter) => waiting.push(tenant, enter))
      inside += 1
      return undefined
    },
    leave() {
      inside -= 1
      while (waiting.size > 0 && inside < room()) {
        inside += 1
        waiting.take()?.()
      }
    },
  }
}
