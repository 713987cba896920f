import * as z from 'zod'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { events2Topology } from '../../lib/bridge/topology.ts'
import { readEnvironment } from '../../lib/config.ts'
import { withdraw as withdrawTarget } from '../../lib/records/events-2/registry.ts'
import { defaultTarget } from '../../lib/tenants/events-2.ts'
import { connectZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { print } from './text.ts'

export const withdrawHelp = `
The broker is that of AMQP_URL; AMQP_CA as for \`bridge run\`. ZooKeeper is that of ZOOKEEPER_SERVERS.
First remove "2.0" from the tenant's "wire" in tenants.yml and restart the bridges: a running bridge
would register again. The queue keeps its messages.
`

/** Removes the registration before the binding, so that events sent in between reach the queue. */
export async function withdraw(options: { tenant: string; target?: string }): Promise<void> {
  const { tenant, target = defaultTarget(tenant) } = options
  const { AMQP_URL, AMQP_CA, ZOOKEEPER_SERVERS } = readEnvironment(
    brokerVariables.extend({ ZOOKEEPER_SERVERS: z.string() }),
    process.env,
  )
  const topology = events2Topology(tenant, target)
  // Connect first: if the broker can't be reached, nothing is changed.
  const broker = await connectBroker(AMQP_URL, AMQP_CA)
  try {
    const deleted = await deleteRegistrations(target, ZOOKEEPER_SERVERS)
    await broker.unbind(topology)
    print(
      `${tenant} is withdrawn: ${deleted} registrations of ${target} are deleted, ` +
        `and ${topology.queue} is unbound`,
    )
  } finally {
    await broker.close()
  }
}

async function deleteRegistrations(target: string, servers: string): Promise<number> {
  const zooKeeper = await connectZooKeeper(servers)
  const { deleted } = await withdrawTarget(zooKeeper, target).finally(() => zooKeeper.close())
  return deleted
}
