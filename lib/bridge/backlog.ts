import type { Broker } from './broker.ts'
import type { Topology } from './topology.ts'

/** A tenant's queue and the messages that are ready in it. */
export interface Backlog {
  readonly topology: Topology
  readonly ready: number
}

/** Those with little waiting go first: their turns are short, and a single event passes any backlog. */
export function inOrder(backlogs: readonly Backlog[]): Backlog[] {
  return backlogs.filter(({ ready }) => ready > 0).sort((a, b) => a.ready - b.ready)
}

/** A queue that is gone has nothing waiting. */
export function countBacklogs(broker: Broker, topologies: readonly Topology[]): Promise<Backlog[]> {
  return Promise.all(
    topologies.map(async (topology) => ({
      topology,
      ready: (await broker.count(topology.queue)) ?? 0,
    })),
  )
}
