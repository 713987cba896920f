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

export function createFairQueue<Item>(): FairQueue<Item> {
  // A lane for each key that has something waiting; the lane at the front is the next to be served.
  let lanes = new Map<string, Lane<Item>>()
  let size = 0

  return {
    get size() {
      return size
    },
    push(key, item) {
      const lane = lanes.get(key)
      if (lane) lane.items.push(item)
      else lanes.set(key, { items: [item], taken: 0 })
      size += 1
    },
    peek() {
      for (const { items, taken } of lanes.values()) return items[taken]
      return undefined
    },
    take() {
      for (const [key, lane] of lanes) {
        const item = lane.items[lane.taken]
        lane.taken += 1
        size -= 1
        lanes.delete(key)
        if (lane.taken < lane.items.length) lanes.set(key, shortened(lane))
        return item
      }
      return undefined
    },
    clear() {
      const items = [...lanes.values()].flatMap((lane) => lane.items.slice(lane.taken))
      lanes = new Map()
      size = 0
      return items
    },
  }
}

interface Lane<Item> {
  items: Item[]
  /** How many of the items are gone: taking one from the front of a long array moves all others. */
  taken: number
}

function shortened<Item>(lane: Lane<Item>): Lane<Item> {
  if (lane.taken < 1_000) return lane
  return { items: lane.items.slice(lane.taken), taken: 0 }
}
