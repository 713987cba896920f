/** How long a silent queue is waited for before it may count as empty. In milliseconds. */
export interface Patience {
  /** The broker had room for a message for this long before it delivered one. */
  onWait(milliseconds: number): void
  /** A message was taken back, because its queue counted as empty: the next waits are twice as long. */
  onMistake(): void
  /** @param owed whether more messages were counted in the queue than it has delivered */
  limit(owed: boolean): number
}

const shortest = 200

/** Messages that were counted are either on their way, or another bridge has taken them. */
const shortestOwed = 2_000

const longest = 15_000

/** Learns from the broker how long a delivery may take: under load, or with large messages, seconds. */
export function createPatience(): Patience {
  let slowest = 0
  let factor = 1
  return {
    onWait(milliseconds) {
      slowest = Math.max(slowest, milliseconds)
    },
    onMistake() {
      factor *= 2
    },
    limit(owed) {
      const wait = owed ? Math.max(shortestOwed, 3 * slowest) : Math.max(shortest, 2 * slowest)
      return Math.min(longest, factor * wait)
    },
  }
}
