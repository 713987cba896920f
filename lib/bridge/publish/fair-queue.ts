import Queue from 'yocto-queue'

/** A queue that serves its keys in turn: however much waits for one, another's first item is next. */
export interface FairQueue<Item> {
  readonly size: number
  push(key: string, item: Item): void
  /** What `take` would return. */
  peek(): Item | undefined
  take(): Item | undefined
  /** Takes everything. */
  clear(): Item[]
}

interface Lane<Item> {
  readonly key: string
  readonly items: Queue<Item>
  /** Items taken in the turn that it has. */
  taken: number
}

/** @param turn items of one key that are taken together, where so many wait */
export function createFairQueue<Item>(turn = 1): FairQueue<Item> {
  /** One for each key that has something waiting, by key and in the order of their turns. */
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
