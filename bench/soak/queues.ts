import { connect } from 'amqplib'
import { queuesIn, topologyOf } from '../../lib/bridge/topology.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'

/** The tenants' queues, looked at over a connection of its own. */
export interface TenantQueues {
  /** Events in them, dead letters too. */
  waiting(): Promise<number>
  close(): Promise<void>
}

export async function openQueues(
  amqpUrl: string,
  tenants: readonly Tenant[],
): Promise<TenantQueues> {
  const connection = await connect(amqpUrl)
  // A broker that has ended is seen by the next question.
  connection.on('error', () => undefined)
  const channel = await connection.createChannel()
  const queues = tenants.map(topologyOf).flatMap(queuesIn)
  const names = queues.flatMap(({ queue, deadLetterQueue }) => [queue, deadLetterQueue])
  return {
    async waiting() {
      const answers = await Promise.all(names.map((name) => channel.checkQueue(name)))
      return answers.reduce((sum, { messageCount }) => sum + messageCount, 0)
    },
    close: () => connection.close(),
  }
}
