import { type Backlog, countBacklogs, smallestFirst } from '../backlog.ts'
import type { BridgeQueue } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'

/** The queues that wait for a visit, the shortest first. */
export interface Line {
  readonly size: number
  /** Whether a queue whose visits stalled will be visited again. */
  readonly isResting: boolean
  first(mayConsume: (queue: string) => boolean): Backlog | undefined
  leave(backlog: Backlog): void
  /** Puts a queue at the end, unless it rests or is gone. */
  push(backlog: Backlog): void
  /** Counts the queues that neither wait nor are visited, and lines up those that have messages. */
  refill(isVisited: (queue: string) => boolean): Promise<void>
  /** Counts one queue; 1 if the broker does not tell. */
  count(queue: BridgeQueue): Promise<number>
  /** A visit to the queue stalled: the next one waits, longer each time. */
  rest(queue: string): void
  /** The queue has delivered. */
  wake(queue: string): void
  /** The queue was deleted. */
  remove(queue: string): void
  /** Messages that a visit each with this share would take at once. */
  wanted(share: number): number
  clear(): void
}

/** Milliseconds of the first rest; each next one is twice as long. */
const firstRest = 20_000

/** @param over aborted when a count that fails is of no importance any more */
export function createLine(broker: Broker, backlogs: readonly Backlog[], over: AbortSignal): Line {
  const queues = new Map(backlogs.map(({ queue }) => [queue.name, queue]))
  const resting = new Map<string, { readonly until: number; readonly times: number }>()
  let line = smallestFirst(backlogs)

  return {
    get size() {
      return line.length
    },
    get isResting() {
      return [...resting.keys()].some(isAsleep)
    },
    first: (mayConsume) => line.find(({ queue }) => mayConsume(queue.name)),
    leave(backlog) {
      line = line.filter((one) => one !== backlog)
    },
    push(backlog) {
      const { name } = backlog.queue
      if (queues.has(name) && !isAsleep(name)) line.push(backlog)
    },
    async refill(isVisited) {
      const known = new Set(line.map(({ queue }) => queue.name))
      const others = [...queues.values()].filter(
        ({ name }) => !known.has(name) && !isVisited(name) && !isAsleep(name),
      )
      line = [...smallestFirst(await countAll(others)), ...line]
    },
    async count(queue) {
      const [backlog] = await countAll([queue])
      return backlog?.ready ?? 1
    },
    rest(queue) {
      const times = (resting.get(queue)?.times ?? 0) + 1
      resting.set(queue, { until: performance.now() + firstRest * 2 ** (times - 1), times })
    },
    wake: (queue) => void resting.delete(queue),
    remove: (queue) => void queues.delete(queue),
    wanted: (share) => line.reduce((sum, { ready }) => sum + Math.min(share, ready), 0),
    clear() {
      line = []
    },
  }

  function isAsleep(queue: string): boolean {
    return (resting.get(queue)?.until ?? 0) > performance.now()
  }

  async function countAll(counted: readonly BridgeQueue[]): Promise<Backlog[]> {
    return countBacklogs(broker, counted).catch((error: unknown) => {
      if (over.aborted) return []
      throw error
    })
  }
}
