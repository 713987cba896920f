import { connectBroker } from '../../lib/amqp/broker.ts'
import type { Declare } from '../../lib/bridge/declaring.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { benchTenants, type Job } from '../job.ts'

/** Has the tenants' queues declared, as they are in a function that is warm or a worker that runs. */
export async function declareBefore({ amqpUrl, tenants }: Job, declare: Declare): Promise<void> {
  const broker = await connectBroker(amqpUrl)
  await Promise.all(benchTenants(tenants).map((tenant) => declare(broker, topologyOf(tenant))))
  await broker.close()
}
