import { connectBroker } from '../../lib/amqp/broker.ts'
import type { Declare } from '../../lib/bridge/declaring.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { benchTenants, type Job } from '../job.ts'

/** Declares the tenants' queues, as a warm function or a running worker has done before. */
export async function declareBefore(job: Job, declare: Declare): Promise<void> {
  const broker = await connectBroker(job.amqpUrl)
  const tenants = benchTenants(job.tenants, job.queues, job.pools)
  await Promise.all(tenants.map((tenant) => declare(broker, topologyOf(tenant))))
  await broker.close()
}
