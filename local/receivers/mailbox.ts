/** Messages and characters that a mailbox keeps: a run of days must not fill the memory. */
const maxMessages = 10_000
const maxCharacters = 32 * 1024 * 1024

/** A message, and when the receiver accepted it. */
export type Arrival<T> = { at: Date; message: T }

/** The messages that a receiver has accepted. */
export type Mailbox<T> = {
  /** Oldest first. The oldest go when there are too many. */
  received: T[]
  /** Keeps a message, of which `characters` arrived. */
  add(message: T, characters: number): void
  /** The newest, newest first. */
  latest(count: number): Arrival<T>[]
  /** All that were accepted, also those that are no longer kept. */
  total(): number
}

export function createMailbox<T>(limits = { maxMessages, maxCharacters }): Mailbox<T> {
  const received: T[] = []
  const kept: { at: Date; characters: number }[] = []
  let total = 0
  let sum = 0

  return {
    received,
    add(message, characters) {
      received.push(message)
      kept.push({ at: new Date(), characters })
      total += 1
      sum += characters
      while (received.length > limits.maxMessages || sum > limits.maxCharacters) {
        received.shift()
        sum -= kept.shift()?.characters ?? 0
      }
    },
    latest(count) {
      const from = Math.max(0, received.length - count)
      const times = kept.slice(from)
      return received
        .slice(from)
        .map((message, index) => ({ at: times[index]?.at ?? new Date(0), message }))
        .toReversed()
    },
    total: () => total,
  }
}
