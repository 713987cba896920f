import Queue from 'yocto-queue'

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
  readonly key: string
  readonly items: Queue<Item>
  /** Items taken in its current turn. */
  taken: number
}

/** @param turn how many items of one key are taken in a row */
export function createFairQueue<Item>(turn = 1): FairQueue<Item> {
  /** A lane for each key with waiting items, by key and in the order of their turns. */
  const lanes = new Map<string, Lane<Item>>()
  const turns = new Queue<Lane<Item>>()
  let size = 0

  return {
    get size() {
      return size
    },
    push(key, item) {
      size += 1
      const known = lanes.get(key)
      if (known) return known.items.enqueue(item)
      const lane = { key, items: new Queue<Item>(), taken: 0 }
      lane.items.enqueue(item)
      lanes.set(key, lane)
      turns.enqueue(lane)
    },
    peek: () => turns.peek()?.items.peek(),
    take() {
      const lane = turns.peek()
      if (lane === undefined) return undefined
      size -= 1
      lane.taken += 1
      const item = lane.items.dequeue()
      if (lane.items.size === 0) {
        turns.dequeue()
        lanes.delete(lane.key)
      } else if (lane.taken === turn) {
        lane.taken = 0
        turns.dequeue()
        turns.enqueue(lane)
      }
      return item
    },
    clear() {
      const items = [...turns].flatMap((lane) => [...lane.items])
      lanes.clear()
      turns.clear()
      size = 0
      return items
    },
  }
}
