import type { Topology } from '../bridge/topology.ts'
import type { MigrationBroker, QueueState } from './migration-broker.ts'
import type { OldTopology } from './old-topology.ts'

/** What is at the broker. Which bindings there are can't be asked over AMQP. */
export interface Survey {
  readonly workQueue: QueueState | undefined
  readonly retryQueue: QueueState | undefined
  readonly retryExchange: boolean
  readonly newQueue: QueueState | undefined
  readonly deadLetterQueue: QueueState | undefined
}

/** Looks, and changes nothing. */
export async function survey(
  broker: MigrationBroker,
  old: OldTopology,
  { queue, deadLetterQueue }: Topology,
): Promise<Survey> {
  return {
    workQueue: await broker.queueState(old.workQueue),
    retryQueue: await broker.queueState(old.retryQueue),
    retryExchange: await broker.hasExchange(old.retryExchange),
    newQueue: await broker.queueState(queue),
    deadLetterQueue: await broker.queueState(deadLetterQueue),
  }
}
