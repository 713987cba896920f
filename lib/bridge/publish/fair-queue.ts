import Denque from 'denque'

/** A queue that serves its keys in turn, so that a backlog of one key does not delay another. */
export interface FairQueue<Item> {
  readonly size: number
  push(key: string, item: Item): void
  /** The item that `take` would return. */
  peek(): Item | undefined
  take(): Item | undefined
  /** Removes and returns every item. */
  clear(): Item[]
}

interface Lane<Item> {
  readonly items: Denque<Item>
  /** Items taken in its current turn. */
  taken: number
}

/**
 * Items follow one another here by the thousand a second. In a linked list, or a map whose entries come and go, one that
 * V8 has moved to its old space keeps all that come after it alive until V8 collects all of its heap: so items are in
 * arrays, and lanes stay.
 *
 * @param turn how many items of one key are taken in a row
 */
export function createFairQueue<Item>(turn = 1): FairQueue<Item> {
  /** A lane for each key that ever had an item: there are as many as tenants. */
  const lanes = new Map<string, Lane<Item>>()
  /** Those with items, in the order of their turns. */
  const turns = new Denque<Lane<Item>>()
  let size = 0

  return {
    get size() {
      return size
    },
    push(key, item) {
      size += 1
      const lane = laneOf(key)
      lane.items.push(item)
      if (lane.items.length === 1) turns.push(lane)
    },
    peek: () => turns.peekFront()?.items.peekFront(),
    take() {
      const lane = turns.peekFront()
      if (lane === undefined) return undefined
      size -= 1
      lane.taken += 1
      const item = lane.items.shift()
      const isEmpty = lane.items.isEmpty()
      if (isEmpty || lane.taken === turn) {
        lane.taken = 0
        turns.shift()
        if (!isEmpty) turns.push(lane)
      }
      return item
    },
    clear() {
      const items = turns.toArray().flatMap((lane) => lane.items.toArray())
      lanes.clear()
      turns.clear()
      size = 0
      return items
    },
  }

  function laneOf(key: string): Lane<Item> {
    const known = lanes.get(key)
    if (known) return known
    const lane = { items: new Denque<Item>(), taken: 0 }
    lanes.set(key, lane)
    return lane
  }
}
