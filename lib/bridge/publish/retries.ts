import { type BackOffOptions, backOffWait } from '../../back-off.ts'

/** How one entry has failed so far. */
export interface Failing {
  /** By `performance.now()`. */
  readonly since: number
  readonly times: number
}

export interface Retries<Item> {
  /** Hands the item back after a wait that grows with its own failures, and no other item's. */
  retry(item: Item, failing: Failing): void
  /** Removes and returns the items that are waiting. */
  clear(): Item[]
}

/** Waits of their own for the entries that the bus failed while it answered. */
export function createRetries<Item>(
  options: BackOffOptions,
  onDue: (item: Item) => void,
): Retries<Item> {
  const timers = new Map<Item, NodeJS.Timeout>()
  return {
    retry(item, { times }) {
      const wait = backOffWait(times, options, Math.random())
      const due = () => {
        timers.delete(item)
        onDue(item)
      }
      timers.set(item, setTimeout(due, wait))
    },
    clear() {
      const items = [...timers.keys()]
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      return items
    },
  }
}
