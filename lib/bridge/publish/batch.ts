import { mostCallBytes, mostEntries } from './bus.ts'
import type { FairQueue } from './fair-queue.ts'

/** What is to be known of an entry to pack it into a call. */
export interface Packable {
  readonly bytes: number
  /** In a call of its own, to find the entry for which the bus refused a whole call. */
  readonly alone: boolean
}

/** Takes the next items, a source at a time, as long as they fit into one call; at least one. */
export function takeBatch<Item extends Packable>(waiting: FairQueue<Item>): Item[] {
  const batch: Item[] = []
  let bytes = 0
  for (let next = waiting.peek(); next !== undefined; next = waiting.peek()) {
    bytes += next.bytes
    const fits = batch.length < mostEntries && bytes <= mostCallBytes && !next.alone
    if (batch.length > 0 && !fits) break
    batch.push(next)
    waiting.take()
    if (next.alone) break
  }
  return batch
}
