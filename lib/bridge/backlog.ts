import type { BridgeQueue } from './bridge-queue.ts'
import type { Broker } from './broker.ts'

/** A queue and the messages that are ready in it. */
export interface Backlog {
  readonly queue: BridgeQueue
  readonly ready: number
}

/** Short queues go first, so that a single event overtakes any backlog. */
export function smallestFirst(backlogs: readonly Backlog[]): Backlog[] {
  return backlogs.filter(({ ready }) => ready > 0).sort((a, b) => a.ready - b.ready)
}

/** Counts the ready messages of each queue; a queue that is gone counts 0. */
export function countBacklogs(broker: Broker, queues: readonly BridgeQueue[]): Promise<Backlog[]> {
  return Promise.all(
    queues.map(async (queue) => ({
      queue,
      ready: (await broker.count(queue.name)) ?? 0,
    })),
  )
}
