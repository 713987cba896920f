import { z } from 'zod'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { events2Topology } from '../../lib/bridge/topology.ts'
import { readEnvironment } from '../../lib/config.ts'
import { withdraw as withdrawTarget } from '../../lib/records/events-2/registry.ts'
import { defaultTarget } from '../../lib/tenants/events-2.ts'
import { connectZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { workerVariables } from './worker-settings.ts'

export const withdrawHelp = `
The broker is that of AMQP_URL, ZooKeeper that of ZOOKEEPER_SERVERS. Take "2.0" from the tenant's
"wire" in tenants.yml and restart the bridges before: one that runs registers again. The queue stays,
with all that is in it.
`

/** First the registration, then the binding: what was sent in between is in the queue. */
export async function withdraw(options: { tenant: string; target?: string }): Promise<void> {
  const { tenant, target = defaultTarget(tenant) } = options
  const { AMQP_URL, ZOOKEEPER_SERVERS } = readEnvironment(
    z.object({ AMQP_URL: workerVariables.shape.AMQP_URL, ZOOKEEPER_SERVERS: z.string() }),
    process.env,
  )
  const zooKeeper = await connectZooKeeper(ZOOKEEPER_SERVERS)
  const { deleted } = await withdrawTarget(zooKeeper, target).finally(() => zooKeeper.close())
  const topology = events2Topology(tenant, target)
  const broker = await connectBroker(AMQP_URL)
  await broker.unbind(topology).finally(() => broker.close())
  process.stdout.write(
    `${tenant} is withdrawn: ${deleted} registrations of ${target} are deleted, ` +
      `and ${topology.queue} is unbound\n`,
  )
}
