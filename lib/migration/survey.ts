import type { Topology } from '../bridge/topology.ts'
import type { MigrationBroker, QueueCounts } from './migration-broker.ts'
import type { OldTopology } from './old-topology.ts'

/** The queues and exchanges at the broker. AMQP has no call that lists bindings. */
export interface Survey {
  readonly workQueue: QueueCounts | undefined
  readonly retryQueue: QueueCounts | undefined
  readonly retryExchange: boolean
  readonly newQueue: QueueCounts | undefined
  readonly deadLetterQueue: QueueCounts | undefined
}

/** Changes nothing. */
export async function survey(
  broker: MigrationBroker,
  old: OldTopology,
  { queue, deadLetterQueue }: Topology,
): Promise<Survey> {
  return {
    workQueue: await broker.countQueue(old.workQueue),
    retryQueue: await broker.countQueue(old.retryQueue),
    retryExchange: await broker.hasExchange(old.retryExchange),
    newQueue: await broker.countQueue(queue),
    deadLetterQueue: await broker.countQueue(deadLetterQueue),
  }
}
