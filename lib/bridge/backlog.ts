import type { Broker } from './broker.ts'
import type { Topology } from './topology.ts'

/** A tenant's queue and the messages that are ready in it. */
export interface Backlog {
  readonly topology: Topology
  readonly ready: number
}

/** Short queues go first, so that a single event overtakes any backlog. */
export function smallestFirst(backlogs: readonly Backlog[]): Backlog[] {
  return backlogs.filter(({ ready }) => ready > 0).sort((a, b) => a.ready - b.ready)
}

/** Counts the ready messages of each queue; a queue that is gone counts 0. */
export function countBacklogs(broker: Broker, topologies: readonly Topology[]): Promise<Backlog[]> {
  return Promise.all(
    topologies.map(async (topology) => ({
      topology,
      ready: (await broker.count(topology.queue)) ?? 0,
    })),
  )
}
